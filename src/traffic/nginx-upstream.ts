import { type Client, type ServiceName, serviceTitle } from '../model/index.ts';
import type { Aim } from './aim.ts';

/**
 * The whole file of an nginx: one upstream for everybody, and a variable that names it. A preview adds an upstream, and
 * makes the variable name that one for its clients.
 */
export function upstreamText(name: ServiceName, upstream: string, { port, isDrained, preview }: Aim): string {
  const own = `# Where the requests of ${serviceTitle(name)} go. Written by pkg: what is changed here is lost.
${block(upstream, port, isDrained)}`;
  const variable = variableOf(upstream);
  if (preview === null) return `${own}map "" ${variable} {\n  default ${upstream};\n}\n`;
  const asked = preview.clients.map((_, at) => `${variable}_${at}`);
  return [
    own,
    block(`${upstream}-preview`, preview.port, false),
    ...preview.clients.map((client, at) => isClient(client, `${variable}_${at}`)),
    `map "${asked.join('')}" ${variable} {\n  "" ${upstream};\n  default ${upstream}-preview;\n}\n`,
  ].join('');
}

/** The variable that `proxy_pass` has to name where previews are wanted: `$pkg_web`. */
export function variableOf(upstream: string): string {
  return `$pkg_${upstream.replaceAll(/\W/g, '_')}`;
}

/** As a number, because `localhost` may be two addresses, and the service may listen on only one. */
function block(upstream: string, port: number, isDown: boolean): string {
  return `upstream ${upstream} {\n  server 127.0.0.1:${port}${isDown ? ' down' : ''};\n}\n`;
}

/** A variable that is `1` for one kind of client and empty for all others. */
function isClient(client: Client, variable: string): string {
  if (client.kind === 'address') return `geo ${variable} {\n  default "";\n  ${client.address} 1;\n}\n`;
  const source =
    client.kind === 'header' ? `http_${client.name.toLowerCase().replaceAll('-', '_')}` : `cookie_${client.name}`;
  return `map $${source} ${variable} {\n  default "";\n  "~^${exactly(client.value)}$" 1;\n}\n`;
}

/** As a regular expression, because plain words of a map are compared without regard to case. */
function exactly(value: string): string {
  return value.replaceAll(/\W/g, String.raw`\$&`);
}
