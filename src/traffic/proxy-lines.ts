/** What nginx needs in its configuration to show the page of a folder of marks: outside of `server`, and inside. */
export function nginxLines(folder: string): string {
  return `# outside of any server block
map $time_iso8601 $pkg_minute { "~^(?<pkg_at>.{16}):..(?<pkg_zone>.+)$" $pkg_at$pkg_zone; }
map $http_accept $pkg_page { default /page.html; "~application/json" /page.json; }

# in the server block
if (-f ${folder}/all) { return 503; }
if (-f ${folder}/paths$uri.down) { return 503; }
if (-f ${folder}/planned/$pkg_minute/all) { return 503; }
if (-f ${folder}/planned/$pkg_minute/paths$uri.down) { return 503; }
error_page 503 @pkg_down;
location @pkg_down {
  root ${folder};
  add_header Retry-After 120 always;
  add_header Cache-Control no-store always;
  try_files $pkg_page /planned/$pkg_minute$pkg_page =503;
}
`;
}

/** What HAProxy needs in its frontend for the same; `file` is its map. */
export function haproxyLines(file: string): string {
  return `# in the frontend
http-request set-var(txn.now) date
http-request set-var(txn.path) path,url_dec
http-request set-var(txn.minute) date,div(60)
http-request set-var(txn.down) var(txn.minute),concat(:,txn.path),map_str(${file})
http-request set-var(txn.down) var(txn.minute),concat(:all),map_str(${file})
http-request set-var(txn.down) str(all),map_str(${file})
http-request set-var(txn.down) var(txn.path),map_str(${file})
http-request set-var(txn.left) var(txn.down),concat(:until),map_str(${file}),sub(txn.now)
http-request set-var(txn.page) var(txn.down)
http-request set-var(txn.page) var(txn.down),concat(:late) if { var(txn.left) -m int lt 0 }
http-request set-var(txn.json) var(txn.page),concat(:json),map_str(${file})
http-request set-var(txn.html) var(txn.page),concat(:html),map_str(${file})
http-request return status 503 content-type application/json hdr Retry-After 120 hdr Cache-Control no-store lf-string %[var(txn.json)] if { var(txn.down) -m found } { req.hdr(accept) -m sub application/json }
http-request return status 503 content-type text/html hdr Retry-After 120 hdr Cache-Control no-store lf-string %[var(txn.html)] if { var(txn.down) -m found }
`;
}
