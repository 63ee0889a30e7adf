/** Whether a merge or a way back put this file beside the one in use. */
export function isBeside(file: string): boolean {
  return /\.pkg-(new|old|merged|edited-\d+)(\.\d+)?(\/|$)/.test(file);
}
