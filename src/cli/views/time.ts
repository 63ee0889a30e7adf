/** `12:01`, in the time zone of the reader. */
export function clock(iso: string): string {
  return dayAndClock(iso).slice(-5);
}

/** `2026-11-03 12:01`, in the time zone of the reader. */
export function dayAndClock(iso: string): string {
  const time = new Date(iso);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
