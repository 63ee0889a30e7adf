import { readFileSync, writeFileSync } from 'node:fs';
import { generatedFiles } from './generated-files.ts';

// node test/docs/generate.ts          writes the generated parts of the documentation
// node test/docs/generate.ts --check  only says which of them are out of date
const isCheck = process.argv.includes('--check');
const stale = (await generatedFiles()).filter(({ file, text }) => readOrNothing(file) !== text);
for (const { file, text } of stale) {
  if (!isCheck) writeFileSync(file, text);
  process.stderr.write(`${isCheck ? 'out of date' : 'written'}: ${file}\n`);
}
if (isCheck && stale.length > 0) process.exitCode = 1;

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
