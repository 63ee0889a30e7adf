/** One template of a bundle folder: what it shows, the manifest without name and version, and its files by path. */
export type Template = {
  readonly shows: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  /** `{name}` stands for the name of the bundle; a text that begins with `#!` becomes executable. */
  readonly files: Readonly<Record<string, string>>;
};

/** The setting that tells services on which port to listen. */
export const PORT_SETTING = {
  type: 'number',
  default: 8080,
  prompt: 'Port to listen on',
  min: 1,
  max: 65_535,
} as const;

/** What such a service has to answer: its page, with its name and version. */
export const PROOF = {
  http: 'http://127.0.0.1:${setting.port}/',
  header: { 'x-served-by': '{name}/${version}' },
} as const;
