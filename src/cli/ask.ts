import readline from 'node:readline';
import { Writable } from 'node:stream';
import { PkgError } from '../error.ts';
import type { Context } from './command.ts';
import { harmless } from './harmless.ts';

/** One line typed on the terminal; null at the end of input. Ctrl-C ends the command as everywhere else. */
export function ask(
  question: string,
  { input, talk }: Context['streams'],
  how: { readonly hidden?: boolean } = {},
): Promise<string | null> {
  const output = how.hidden === true ? echoing(talk, harmless(question)) : talk;
  const prompt = readline.createInterface({ input, output, terminal: true, historySize: 0 });
  return new Promise((resolve, reject) => {
    prompt.once('close', () => {
      talk.write('\n');
      resolve(null);
    });
    prompt.once('SIGINT', () => {
      reject(new PkgError('interrupted', 'interrupted by SIGINT'));
      prompt.close();
    });
    prompt.question(harmless(question), (answer) => {
      prompt.removeAllListeners('close');
      if (how.hidden === true) talk.write('\n');
      resolve(answer);
      prompt.close();
    });
  });
}

/** Lets the question through once, and nothing of what is typed. */
function echoing(talk: Context['streams']['talk'], question: string): Writable {
  talk.write(question);
  return new Writable({ write: (_part, _encoding, done) => done() });
}
