/** A file of an unpacked bundle that is not what was shipped. */
export type Damage = {
  readonly path: string;
  readonly change: 'changed' | 'missing' | 'extra' | 'mode' | 'type';
};
