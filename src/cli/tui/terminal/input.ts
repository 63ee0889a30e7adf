export type Size = { readonly columns: number; readonly rows: number };

/** What a terminal does to a screen. */
export type TerminalInput =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'size'; readonly size: Size }
  | { readonly kind: 'tick'; readonly at: number }
  | { readonly kind: 'lost' };
