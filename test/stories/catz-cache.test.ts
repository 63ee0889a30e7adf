import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { needs } from '../support/needs.ts';

const LIBRARY = path.join(import.meta.dirname, '../../fixtures/catz/catz/lib');

describe('a page from the cache', () => {
  needs('hypnotoad');

  test.each([
    ['in one piece', ['VALUE page 0 10\r\nfull\nhouse\r\nEND\r\n'], 'full\nhouse'],
    ['in pieces', ['VALUE page 0 10\r\nful', 'l\nhou', 'se\r\nEND\r\n'], 'full\nhouse'],
    ['that is empty', ['VALUE page 0 0\r\n\r\nEND\r\n'], ''],
    ['that is not there', ['END\r\n'], 'none'],
    ['cut off by the end of the server', ['VALUE page 0 10\r\nfull\n'], 'none'],
  ])('%s is whole, or none', async (_how, pieces, page) => {
    expect(await pageFrom(pieces)).toBe(page);
  });
});

/** What the cache makes of a server that answers in these pieces. */
async function pageFrom(pieces: readonly string[]): Promise<string> {
  const server = net.createServer((socket) => {
    socket.setNoDelay().once('data', () => void answer(socket, pieces));
  });
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as net.AddressInfo;
  const script = 'print Catz::Cache->new(shift)->get("page") // "none"';
  const words = ['-w', `-I${LIBRARY}`, '-MCatz::Cache', '-e', script, `127.0.0.1:${port}`];
  const { stdout, stderr } = await execa('perl', words, { stripFinalNewline: false });
  expect(stderr).toBe('');
  return stdout;
}

async function answer(socket: net.Socket, pieces: readonly string[]): Promise<void> {
  for (const piece of pieces) {
    socket.write(piece);
    await turn();
  }
  socket.end();
}
