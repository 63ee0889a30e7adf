/** Waits until `isTrue` answers true; fails with `what` after a minute, or as many seconds as are given. */
export async function until(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  seconds: number = 60,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The same for a claim that says itself what is waited for. */
export function untilSo(claim: () => boolean | Promise<boolean>): Promise<void> {
  return until(String(claim), claim);
}
