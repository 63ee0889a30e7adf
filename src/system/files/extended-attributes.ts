import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';

/** Names of extended attributes; a path is relative, each of its characters one byte. */
export type Attributes = ReadonlyMap<string, readonly string[]>;

/** Those that may be given and taken: ACLs belong to the mode, and labels of the kernel stay as they are. */
const GIVEN = '^(user|trusted)[.]|^security[.]capability$';

/** What each file below `folder`, and the folder itself, carries; null where nobody can tell, as getfattr(1) is missing. */
export async function listAttributes(folder: string): Promise<Attributes | null> {
  // Node has no call for it.
  const answer = await run(['getfattr', '-R', '-P', '-h', '-m', GIVEN, '--', '.'], folder);
  return answer === null ? null : parse(answer.toString('latin1'));
}

/** Takes one attribute from files below `folder`, as far as that is allowed. */
export async function removeAttribute(name: string, files: readonly string[], folder: string): Promise<void> {
  const input = Buffer.from(files.map((file) => `./${file}\0`).join(''), 'latin1');
  await run(['xargs', '-0', 'setfattr', '-h', '-x', name, '--'], folder, input);
}

/** `# file: PATH`, a name on each line, and an empty line; what would disturb that is written as `\012`. */
function parse(text: string): Attributes {
  return new Map(
    text
      .split('\n\n')
      .filter((block) => block.startsWith('# file: '))
      .map((block) => {
        const [title = '', ...names] = block.split('\n').map(unescaped);
        return [title.slice('# file: '.length), names.filter((name) => name !== '')];
      }),
  );
}

function unescaped(word: string): string {
  return word.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}

/** What it printed; null where there is no such program. */
async function run([program = '', ...args]: readonly string[], cwd: string, input?: Buffer): Promise<Buffer | null> {
  const child = spawn(program, args, {
    cwd,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin' },
  });
  // One that ends early reads no more, and says by its end what there is to say.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const printed = buffer(child.stdout);
  try {
    await once(child, 'spawn');
  } catch {
    return null;
  }
  const [said] = await Promise.all([printed, once(child, 'close')]);
  return said;
}
