import fs from 'node:fs';
import { type Limits, type OpenedArchive, verifyArchive } from '../../bundle/index.ts';
import { noSuchFile } from '../facts/open-archives.ts';

/** Reads an archive to its end with every rule checked; writes nothing. */
export async function inspect(file: string, limits: Limits): Promise<OpenedArchive> {
  if (!fs.existsSync(file)) throw noSuchFile(file);
  return verifyArchive(file, limits);
}
