/** Whether a file is a side that a merge or a way back put beside the one in use. */
export function isBeside(file: string): boolean {
  return /\.pkg-(new|old|merged|edited-\d+)(\.\d+)?(\/|$)/.test(file);
}
