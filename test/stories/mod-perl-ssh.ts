import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { listProcesses, processStart } from '../../src/system/index.ts';
import { freePort } from '../hooks/stage.ts';
import { PROGRAM, until } from '../support/pkg.ts';

/** A terminal on this machine at the other end of a real ssh connection, which can be cut. */
export async function shellOver(root: string, program = PROGRAM) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-ssh-'));
  const port = await freePort();
  const key = path.join(folder, 'key');
  for (const name of ['key', 'host']) {
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, name)]);
  }
  // Debian's unit makes it, and there is no unit here.
  const isMine = fs.mkdirSync('/run/sshd', { recursive: true }) !== undefined;
  const server = startServer(folder, port);
  await until('sshd listens', () => listens(port));
  let client: ChildProcess | null = null;

  return {
    /** Types a command of pkg into the terminal. */
    type(...words: readonly string[]): void {
      const command = [process.execPath, program, '--root', root, ...words].map((word) => `'${word}'`).join(' ');
      const options = ['-F', 'none', '-tt', '-i', key, '-p', String(port)];
      const trust = ['-o', 'StrictHostKeyChecking=no', '-o', `UserKnownHostsFile=${folder}/known`];
      client = spawn('ssh', [...options, ...trust, 'root@127.0.0.1', command], { stdio: ['pipe', 'ignore', 'ignore'] });
    },
    /** Both ends at once, without a word to each other. */
    async cut(): Promise<void> {
      const ends = below(server.pid ?? 0).filter(({ name }) => name === 'sshd');
      if (ends.length === 0) throw new Error('nobody is connected');
      for (const { pid } of ends) killIfThere(pid);
      client?.kill('SIGKILL');
      await until('the connection is gone', () => ends.every(({ pid }) => processStart(pid) === null));
    },
    async [Symbol.asyncDispose]() {
      client?.kill('SIGKILL');
      server.kill('SIGKILL');
      await until('sshd has ended', () => processStart(server.pid ?? 0) === null);
      fs.rmSync(folder, { recursive: true, force: true });
      if (isMine) fs.rmdirSync('/run/sshd');
    },
  };
}

function startServer(folder: string, port: number): ChildProcess {
  fs.copyFileSync(path.join(folder, 'key.pub'), path.join(folder, 'allowed'));
  const settings = {
    ListenAddress: '127.0.0.1',
    Port: port,
    HostKey: path.join(folder, 'host'),
    AuthorizedKeysFile: path.join(folder, 'allowed'),
    PidFile: 'none',
    StrictModes: 'no',
    UsePAM: 'no',
    PermitRootLogin: 'prohibit-password',
    // bash reads the .bashrc of whoever runs the tests for the first shell of a connection, and not below another
    SetEnv: 'SHLVL=2',
  };
  const words = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return spawn('/usr/sbin/sshd', ['-D', '-f', '/dev/null', ...words], { stdio: 'ignore' });
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** One end may go because the other went. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The processes that came from one, however far. */
function below(pid: number): readonly { readonly pid: number; readonly name: string }[] {
  const children = listProcesses().filter(({ parent, isDead }) => parent === pid && !isDead);
  return children.flatMap((child) => [{ pid: child.pid, name: nameOf(child.pid) }, ...below(child.pid)]);
}

function nameOf(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
