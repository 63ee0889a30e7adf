import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** What visitors saw since the last look. */
export type Seen = {
  readonly requests: number;
  readonly failed: number;
  /** Asked once more over a new connection, because a kept one had been closed; only by visitors who do so. */
  readonly again: number;
  /** Seconds of the longest time in which nobody was answered. */
  readonly gap: number;
};

/** Visitors who ask one thing after the other, until they leave. */
export type Load = {
  /** Tells what was seen, and begins to count anew. */
  look(): Seen;
  leave(): Promise<void>;
};

/** Sends `visitors` to a port of this machine: every second one keeps its connection, the others take a new one each time. */
export function startLoad(port: number, visitors: number, { asksAgain = false } = {}): Load {
  const agent = new Agent({ keepAlive: true });
  const left = new AbortController();
  let [requests, failed, again, gap, last] = [0, 0, 0, 0, performance.now()];
  const visits = Array.from({ length: visitors }, async (_, number) => {
    while (!left.signal.aborted) await visit(number % 2 === 0 ? agent : false);
  });

  async function visit(over: Agent | false): Promise<void> {
    let end = await ask(port, over);
    if (end === 'closed' && asksAgain) {
      again += 1;
      end = await ask(port, false);
    }
    requests += 1;
    if (end === 'answered') return answer();
    failed += 1;
    await pause(1);
  }

  function answer(): void {
    const now = performance.now();
    gap = Math.max(gap, (now - last) / 1000);
    last = now;
  }

  return {
    look() {
      const seen = { requests, failed, again, gap };
      [requests, failed, again, gap] = [0, 0, 0, 0];
      return seen;
    },
    async leave() {
      left.abort();
      await Promise.all(visits);
      agent.destroy();
    },
  };
}

/** Whether one request is answered, wholly and with 200. */
export async function answered(port: number, agent: Agent | false): Promise<boolean> {
  return (await ask(port, agent)) === 'answered';
}

/** `closed`: over a kept connection, which the other side closed without a word. Every browser asks again then (RFC 9110, 9.2.2). */
function ask(port: number, agent: Agent | false): Promise<'answered' | 'failed' | 'closed'> {
  return new Promise((resolve) => {
    const request = get({ port, host: '127.0.0.1', agent }, (response) => {
      response.resume();
      response.on('error', () => resolve('failed'));
      response.on('close', () => resolve(response.complete && response.statusCode === 200 ? 'answered' : 'failed'));
    });
    request.on('error', () => resolve(request.reusedSocket ? 'closed' : 'failed'));
  });
}
