/** Waits until `isTrue` answers true; fails with `what` after ten seconds, or as many as are given. */
export async function until(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  seconds: number = 10,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
