import { BlockList, isIP } from 'node:net';
import { PkgError } from '../error.ts';
import type { Client } from '../model/index.ts';
import type { Options } from './command.ts';
import { listOption } from './options.ts';

/** Who is meant by `--preview header:NAME=VALUE`, `cookie:NAME=VALUE` and `address:10.0.0.5`; nobody without it. */
export function previewClients(options: Options): { readonly preview?: readonly Client[] } {
  const words = [...new Set(listOption(options, 'preview'))];
  return words.length === 0 ? {} : { preview: words.map(clientOf) };
}

/** What is typed becomes a word in the configuration of a proxy, so nothing that would be more than a word is let in. */
function clientOf(word: string): Client {
  const [, kind, name = '', value = ''] = /^(header|cookie):([^=]+)=(.+)$/.exec(word) ?? [];
  const isPlain = /^[\w.~+/=@:,-]+$/.test(value);
  if (kind === 'header' && /^[A-Za-z0-9-]+$/.test(name) && isPlain) return { kind, name, value };
  if (kind === 'cookie' && /^\w+$/.test(name) && isPlain) return { kind, name, value };
  const [, address = ''] = /^address:(.+)$/.exec(word) ?? [];
  if (isAddress(address)) return { kind: 'address', address };
  throw new PkgError('usage', `--preview takes a client, not '${word}'`, {
    hint: 'header:X-Preview=1, cookie:beta=yes, address:10.0.0.5 or address:10.0.0.0/24',
  });
}

function isAddress(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  try {
    new BlockList().addSubnet(address, Number(prefix), version === 4 ? 'ipv4' : 'ipv6');
    return /^\d+$/.test(prefix);
  } catch {
    return false;
  }
}
