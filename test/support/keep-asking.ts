/** Asks again and again, one question after the other, until `leave` is called; that resolves to every answer. */
export function keepAsking<T>(ask: () => Promise<T>): { leave(): Promise<readonly T[]> } {
  const left = new AbortController();
  const walk = async (): Promise<readonly T[]> => {
    const answers = [await ask()];
    while (!left.signal.aborted) answers.push(await ask());
    return answers;
  };
  const answers = walk();
  // A question that fails is told by `leave`, not as an error that nobody has handled.
  answers.catch(() => {});
  return {
    leave() {
      left.abort();
      return answers;
    },
  };
}
