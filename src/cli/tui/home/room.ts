/** What a view may fill: this many rows, each at most so wide. */
export type Room = { readonly room: number; readonly columns: number };
