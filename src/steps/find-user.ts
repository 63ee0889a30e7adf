/** The numbers of a user, wherever the machine keeps its users; null when there is none of that name. */
export async function findUser(name: string): Promise<{ readonly uid: number; readonly gid: number } | null> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map((which) => askId(which, name)));
  return typeof uid === 'number' && typeof gid === 'number' ? { uid, gid } : null;
}

async function askId(which: string, name: string): Promise<number | null> {
  const { execa } = await import('execa');
  const answer = await execa('id', [which, '--', name], { reject: false, stdin: 'ignore' });
  return answer.exitCode === 0 ? Number(answer.stdout) : null;
}
