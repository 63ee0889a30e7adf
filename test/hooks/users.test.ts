import { randomBytes } from 'node:crypto';
import { chownSync } from 'node:fs';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { Stage } from './stage.ts';

describe('create-user and remove-user', () => {
  needs('root', 'useradd');

  it('makes a system user once, and the undo removes it', async () => {
    await using stage = new Stage();
    await using user = uniqueUser();
    expect(await stage.run('create-user', 'install', user.env)).toEqual({ code: 0, says: `user ${user.name} created` });
    expect(await stage.run('create-user', 'install', user.env)).toEqual({ code: 0, says: `user ${user.name} exists` });
    expect(await passwd(user.name)).toMatch(
      `made by pkg for demo in ${stage.top}/root:${stage.data}:/usr/sbin/nologin`,
    );
    expect(await stage.run('remove-user', 'abort-install', user.env)).toMatchObject({ code: 0 });
    expect(await passwd(user.name)).toBeNull();
    expect(await stage.run('remove-user', 'abort-install', user.env)).toEqual({ code: 0, says: '' });
  });

  it('leaves a user alone that was there before, in the undo and when the bundle is removed', async () => {
    await using stage = new Stage();
    await using user = uniqueUser();
    await execa('useradd', ['--system', user.name]);
    await stage.run('create-user', 'install', user.env);
    await stage.run('remove-user', 'abort-install', user.env);
    expect(await passwd(user.name)).not.toBeNull();
    const removal = await stage.run('remove-user', 'remove', user.env);
    expect(removal).toMatchObject({ code: 0, says: expect.stringContaining('was not made for demo') });
    expect(await passwd(user.name)).not.toBeNull();
  });

  it('keeps the group that was there before the user', async () => {
    await using stage = new Stage();
    await using user = uniqueUser();
    await execa('groupadd', ['--system', user.name]);
    const group = await getent('group', user.name);
    await stage.run('create-user', 'install', user.env);
    await stage.run('remove-user', 'abort-install', user.env);
    expect(await passwd(user.name)).toBeNull();
    expect(await getent('group', user.name)).toBe(group);
    await execa('groupdel', [user.name]);
  });

  it('keeps the user whose data another bundle takes over', async () => {
    await using stage = new Stage();
    await using user = uniqueUser();
    await stage.run('create-user', 'install', user.env);
    const { stdout: uid } = await execa('id', ['-u', user.name]);
    chownSync(stage.file('root/data/next/rows', 'precious').replace('/rows', ''), Number(uid), 0);
    const kept = { code: 0, says: `user ${user.name} owns ${stage.top}/root/data/next and stays` };
    expect(await stage.run('remove-user', 'remove in-favour next 2.0.0', user.env)).toEqual(kept);
    expect(await stage.run('remove-user', 'purge', user.env)).toEqual(kept);
    chownSync(stage.data, Number(uid), 0);
    chownSync(`${stage.top}/root/data/next`, 0, 0);
    const gone = await stage.run('remove-user', 'remove', user.env);
    expect(gone).toEqual({ code: 0, says: `user ${user.name} removed` });
  });

  it('gives the removed user back with the number its files belong to', async () => {
    await using stage = new Stage();
    await using user = uniqueUser();
    await stage.run('create-user', 'install', { ...user.env, USER_GROUPS: 'daemon www-data' });
    const before = await passwd(user.name);
    await using later = new Stage();
    const env = { ...user.env, PKG_ROOT: `${stage.top}/root` };
    expect(await later.run('remove-user', 'remove', env)).toEqual({ code: 0, says: `user ${user.name} removed` });
    expect(await later.run('remove-user', 'remove', env)).toEqual({ code: 0, says: `there is no user ${user.name}` });
    expect(await later.run('create-user', 'abort-remove', env)).toMatchObject({ code: 0 });
    expect(await passwd(user.name)).toBe(before);
    expect((await execa('id', ['-Gn', user.name])).stdout).toBe(`${user.name} daemon www-data`);
    expect(await later.run('create-user', 'abort-remove', env)).toEqual({ code: 0, says: '' });
  });

  it('makes it with the number its data belongs to, long after it was removed', async () => {
    await using stage = new Stage();
    await using user = uniqueUser();
    chownSync(stage.data, 4711, 4711);
    await stage.run('create-user', 'install', user.env);
    expect(await passwd(user.name)).toContain(':4711:');
    chownSync(stage.data, 1, 1);
    await stage.run('remove-user', 'abort-install', user.env);
    await stage.run('create-user', 'install', user.env);
    expect(await passwd(user.name)).not.toContain('x:1:');
  });

  it('takes back a user of whom only the note was written before the crash', async () => {
    await using stage = new Stage();
    await using user = uniqueUser();
    stage.file('root/transactions/1/scratch/demo/pkg-create-user', `${user.name}:\n`);
    expect(await stage.run('remove-user', 'abort-install', user.env)).toEqual({ code: 0, says: '' });
  });

  it('fails with the reason when the name cannot be a user', async () => {
    await using stage = new Stage();
    const refused = await stage.run('create-user', 'install', { USER_NAME: 'no such name' });
    expect(refused.code).toBe(1);
    expect(refused.says).toContain('pkg:create-user: cannot create user no such name: useradd exited');
  });
});

function uniqueUser() {
  const name = `pkgtest${randomBytes(4).toString('hex')}`;
  return {
    name,
    env: { USER_NAME: name },
    [Symbol.asyncDispose]: async () => {
      await execa('userdel', [name], { reject: false });
    },
  };
}

function passwd(name: string): Promise<string | null> {
  return getent('passwd', name);
}

async function getent(table: string, name: string): Promise<string | null> {
  const { exitCode, stdout } = await execa('getent', [table, name], { reject: false });
  return exitCode === 0 ? stdout : null;
}
