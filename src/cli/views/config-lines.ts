import { type Event, namesOf } from '../../model/index.ts';

/** What is different in the configuration of a service since it read it, file by file. */
export function configLines({
  bundle,
  service,
  files,
  settings,
}: Event & { readonly event: 'config' }): readonly string[] {
  const names = namesOf(settings).join(', ');
  return [
    `${bundle}/${service}: its configuration has changed since it was loaded`,
    ...files.flatMap(({ file, change, patch }) =>
      (patch ?? `etc/${bundle}/${file}: ${change}, and no text that can be shown`).split('\n'),
    ),
    ...(names === '' ? [] : [`settings: ${names}`]),
  ];
}
