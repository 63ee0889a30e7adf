import type { Maintenance } from './maintenance-mark.ts';

/** What visitors read. A server hands it out as it is, so the words stay true when the time has passed. */
export function maintenancePage({ until, message }: Pick<Maintenance, 'until' | 'message'>): string {
  return page(message, until === null ? '<p>We do not know yet when we are back.</p>\n' : expected(until));
}

/** What they read when its time has passed, where whoever hands it out knows the time. */
export function latePage({ message }: Pick<Maintenance, 'message'>): string {
  return page(message, `<p>${LATE}</p>\n`);
}

/** The same for programs; `until` is null or an ISO time. Where nobody knows the time, `late` is null, and `until` may have passed. */
export function maintenanceJson(maintenance: Omit<Maintenance, 'by'>, late: boolean | null): string {
  const { since, until, message, paths } = maintenance;
  const document = { status: 'maintenance', since, until: late === true ? null : until, late, message, paths };
  return `${JSON.stringify(document)}\n`;
}

const LATE = 'It takes longer than planned.';

function page(message: string | null, when: string): string {
  const said = message === null ? '' : `<p>${escaped(message)}</p>\n`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Maintenance</title>
<h1>Down for maintenance</h1>
${said}${when}</html>
`;
}

function expected(until: string): string {
  const time = `<time datetime="${until}">${inGmt(until)}</time> on ${until.slice(0, 10)}`;
  return `<p id="planned">We expect to be back at ${time}. If it is later than that, it takes longer than planned.</p>
<p id="late" hidden>${LATE}</p>
<script>
  const show = () => {
    const late = Date.now() > Date.parse("${until}");
    document.getElementById("planned").hidden = late;
    document.getElementById("late").hidden = !late;
  };
  show();
  setInterval(show, 1000);
</script>
`;
}

/** `12:20 GMT`: visitors are all over the world. */
function inGmt(iso: string): string {
  return `${iso.slice(11, 16)} GMT`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
