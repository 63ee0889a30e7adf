/** One folder to begin with: what it shows, the manifest beside name and version, and its files by path. */
export type Template = {
  readonly shows: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  /** `{name}` is the name of the bundle; a text that begins with `#!` becomes a program. */
  readonly files: Readonly<Record<string, string>>;
};

/** The setting by which services that listen are told where. */
export const PORT_SETTING = {
  type: 'number',
  default: 8080,
  prompt: 'Port to listen on',
  min: 1,
  max: 65_535,
} as const;

/** What such a service has to answer: its page, in its own name and version. */
export const PROOF = {
  http: 'http://127.0.0.1:${setting.port}/',
  header: { 'x-served-by': '{name}/${version}' },
} as const;
