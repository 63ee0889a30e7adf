import { describe, expect, test } from 'vitest';
import { manifestJsonSchema, parseManifest } from '../../src/bundle/index.ts';
import { PkgError } from '../../src/error.ts';

const problemsOf = (text: string): readonly string[] => {
  try {
    parseManifest(text, 'bundle.json');
  } catch (error) {
    if (error instanceof PkgError && error.code === 'manifest-invalid') return error.details as readonly string[];
    throw error;
  }
  return [];
};

/** The first line of each problem of a manifest that has name and version. */
const told = (keys: string): readonly string[] =>
  problemsOf(`{"name":"a","version":"1.0.0",${keys}}`).map(
    (block) => block.split('\n')[0]?.replace(/^bundle\.json:\d+:\d+ /, '') ?? '',
  );

describe('a manifest', () => {
  test('may hold comments and trailing commas, and hooks written as one string', () => {
    const text = `{
      // what it is
      "$schema": "bundle.schema.json",
      "name": "my_app1", "version": "1.1.0+2", /* a rebuild */
      "hooks": { "preinstall": "hooks/pre", "postinstall": ["pkg:wait-for-http", { "do": "a", "undo": "b" }], "timeout": "5m" },
      "config": [ { "path": "etc/a.conf" } ],
      "checks": [ { "name": "syntax", "run": ["bin/check"] } ],
    }`;
    expect(parseManifest(text, 'bundle.json')).toEqual({
      name: 'my_app1',
      version: '1.1.0+2',
      hooks: { preinstall: ['hooks/pre'], postinstall: ['pkg:wait-for-http', { do: 'a', undo: 'b' }], timeout: '5m' },
      config: [{ path: 'etc/a.conf', merge: 'three-way', template: false }],
      checks: [{ name: 'syntax', run: ['bin/check'], when: ['staged'] }],
    });
  });

  test('may use every key there is', () => {
    const text = `{
      "name": "app", "version": "1.0.0", "description": "d", "license": "MIT", "homepage": "h", "maintainer": "m", "label": "R14B01",
      "platform": { "os": ["linux"], "cpu": ["x64", "arm64"] },
      "host": { "nginx": {}, "mysql": { "version": ["mysql", "--version"], "range": ">=8" } },
      "depends": { "erlang": "~14.1.0", "app-api": ">=2 <3" }, "conflicts": { "other-app": "*" },
      "provides": { "app-api": "2.1.0" }, "replaces": { "old-name": "<3" },
      "bin": { "my-app": "bin/my-app" }, "env": { "PERL5LIB": "\${bundle}/lib" },
      "config": [ { "path": "etc/app.conf", "merge": "keep", "template": true, "mode": "0640", "owner": "app" } ],
      "settings": { "port": { "type": "number", "default": 8080, "prompt": "Port", "min": 1, "max": 65535 },
                    "password": { "type": "string", "secret": true, "pattern": ".+" },
                    "kind": { "type": "choice", "choices": ["a", "b"], "default": "a", "when": "port" } },
      "data": { "directory": true, "owner": "app", "reads": [1, 2], "writes": 2 }, "monotonic": false,
      "links": { "/etc/nginx/conf.d/app.conf": "etc/nginx.conf" },
      "hooks": { "preinstall": "hooks/pre", "postinstall": "hooks/post", "preremove": "a", "postremove": "b" },
      "checks": [ { "name": "suite", "run": ["prove"], "timeout": "1m", "expect": { "tests": ">=9000 | last-1%", "warnings": 0 }, "when": ["staged", "switched"] } ],
      "services": { "web": {
        "manager": "process", "start": ["bin/server", "--port", "\${port}"], "env": {}, "user": "www", "ports": [8080, 8081],
        "stop": { "signal": "SIGTERM", "timeout": "30s" }, "reload": { "signal": "SIGHUP" }, "control": "bin/ctl",
        "ready": { "http": "http://127.0.0.1:\${port}/health", "status": 200, "header": { "x-version": "\${version}" }, "timeout": "30s", "soak": "0s" },
        "log": { "path": "x", "mustNotMatch": "emerg" }, "path": "current", "needs": ["redis/server"], "forks": false, "pidFile": "p",
        "supersedes": ["redis-server.service"], "traffic": { "adapter": "nginx", "drain": "60s", "file": "/etc/nginx/web.conf", "upstream": "web", "command": ["nginx"], "socket": "/run/x.sock", "backend": "web", "arrives": { "http": "http://127.0.0.1/" } }, "autostart": true,
        "onUpgrade": "restart", "onDependency": { "perl": "restart" }, "critical": true } },
      "upgrade": {
        "up": [ { "from": "1.0.x", "steps": [ { "reload": "web" } ] },
                { "from": "<1.0", "steps": [ { "stop": "web" }, { "migrate": "bin/migrate", "extra": { "to": 2 }, "timeout": "1m" }, { "start": "web" } ] } ],
        "down": [ { "to": "1.0.x", "steps": [ { "run": ["bin/x", "y"], "in": "old", "undo": "bin/u", "irreversible": true } ] } ],
        "default": { "up": "restart", "down": "base" } },
      "include": ["**"]
    }`;
    expect(problemsOf(text)).toEqual([]);
    expect(Object.keys(parseManifest(text, 'bundle.json'))).toHaveLength(25);
  });

  test('has a JSON Schema with a description of every key', () => {
    const schema = manifestJsonSchema() as { properties: Record<string, { description?: string }>; required: string[] };
    expect(schema.required).toEqual(['name', 'version']);
    const silent = Object.entries(schema.properties).filter(([, { description }]) => description === undefined);
    expect(silent).toEqual([]);
    expect(JSON.stringify(schema)).toContain('mustNotMatch');
  });
});

describe('mistakes are shown with line, column, caret and a hint', () => {
  test('all at once, from top to bottom', () => {
    const text = '{\n  "name": "App",\n  "verison": "1.0.0",\n  "hooks": {\n\t\t"preinstal": "x"\n  }\n}\n';
    expect(() => parseManifest(text, 'demo/bundle.json')).toThrow(
      [
        'cannot read demo/bundle.json: 4 mistakes',
        "demo/bundle.json:1:1 'version' is missing",
        '    {',
        '    ^',
        'demo/bundle.json:2:11 a name is made of a-z 0-9 . _ + - and begins with a letter or digit',
        '      "name": "App",',
        '              ^',
        "demo/bundle.json:3:3 unknown key 'verison'",
        '      "verison": "1.0.0",',
        '      ^',
        "  did you mean 'version'?",
        "demo/bundle.json:5:3 unknown key 'preinstal'",
        '    \t\t"preinstal": "x"',
        '    \t\t^',
        "  did you mean 'preinstall'?",
      ].join('\n'),
    );
  });

  test('and the caret stands below its place behind letters that take two columns', () => {
    expect(
      problemsOf('{ "name": "a", "version": "1.0.0", "license": "日本🚀", "nam": "" }')[0]?.split('\n').slice(1, 3),
    ).toEqual(['    { "name": "a", "version": "1.0.0", "license": "日本🚀", "nam": "" }', `    ${' '.repeat(56)}^`]);
  });

  test('and of a manifest in one long line only what stands around it', () => {
    const text = `{"name":"a","version":"1.0.0","license":"${'x'.repeat(200)}","nam":"","maintainer":"${'y'.repeat(200)}"}`;
    expect(problemsOf(text)[0]?.split('\n').slice(0, 3)).toEqual([
      "bundle.json:1:244 unknown key 'nam'",
      `    …${'x'.repeat(98)}","nam":"","maintainer":"${'y'.repeat(77)}…`,
      `    ${' '.repeat(101)}^`,
    ]);
  });

  test('a version of another system says the form to write', () => {
    expect(problemsOf('{ "name": "mod_perl", "version": "1.26-10" }')).toEqual([
      [
        "bundle.json:1:34 '1.26-10' is not a semver version",
        '    { "name": "mod_perl", "version": "1.26-10" }',
        '                                     ^',
        '  write 1.26.0+10',
      ].join('\n'),
    ]);
  });

  test('a key that stands twice is shown where it stands the second time', () => {
    expect(problemsOf('{"name":"a","version":"1.0.0","name":"b"}')[0]).toContain(
      "bundle.json:1:31 'name' stands twice",
    );
  });

  test('text that is no JSON is shown where it breaks', () => {
    expect(problemsOf('{\n  "name": "a"\n  "version": "1.0.0"\n}')[0]).toBe(
      'bundle.json:3:3 not JSON: comma expected\n      "version": "1.0.0"\n      ^',
    );
    expect(problemsOf('')[0]).toContain('bundle.json:1:1 not JSON: value expected');
    expect(problemsOf('[]')[0]).toContain('expected object');
    expect(problemsOf('null')).toHaveLength(1);
    // what a program reads for a byte that is no UTF-8
    expect(problemsOf('{"name":"a",\n"version":"1.0.0","license":"caf\ufffd"}')[0]).toBe(
      `bundle.json:2:33 not UTF-8\n    "version":"1.0.0","license":"caf\ufffd"}\n    ${' '.repeat(32)}^\n  save the file as UTF-8`,
    );
  });

  test('what is missing inside is named, whatever belongs there', () => {
    expect(told('"checks":[{"name":"c"}]')).toEqual(["'run' is missing"]);
    expect(told('"settings":{"p":{}}')).toEqual(["'type' is missing"]);
    expect(told('"hooks":{"preinstall":[{"undo":"x"}]}')).toEqual(["'do' is missing"]);
    expect(told('"conflicts":["x"]')).toEqual(['expected object, received array']);
  });

  const table: readonly (readonly [string, readonly string[]])[] = [
    ['"depends": { "b": "one" }', ['not a semver range, such as ^1.2, ">=2 <3" or *']],
    ['"depends": { "B!": "*" }', ['a name is made of a-z 0-9 . _ + - and begins with a letter or digit']],
    ['"bin": { "x": "/usr/bin/x" }', ['not a path inside the bundle']],
    ['"bin": { "x": "../x" }', ['not a path inside the bundle']],
    ['"config": [ { "path": "etc/a", "mode": "640" } ]', ['not a mode, such as 0640']],
    ['"config": [ { "path": "etc/a", "merge": "both" } ]', ['must be one of three-way, keep, replace']],
    ['"settings": { "a": { "type": "choice" } }', ["a choice needs 'choices'"]],
    ['"settings": { "a": { "type": "number", "default": "x" } }', ['the default is not a number']],
    ['"links": { "etc/x": "x" }', ["a link stands at an absolute path without '.' and '..'"]],
    ['"links": { "/srv/x/../../etc/x": "x" }', ["a link stands at an absolute path without '.' and '..'"]],
    ['"hooks": { "preinstall": [] }', ['an empty list of hooks']],
    [
      '"hooks": { "preinstall": "pkg:Not A Name" , "timeout": "5 min" }',
      ['not a duration, such as 500ms, 30s, 5m or 1h'],
    ],
    ['"hooks": { "preinstall": { "do": "a", "udno": "b" } }', ["unknown key 'udno'"]],
    ['"hooks": { "preinstall": 5 }', ['a hook, or a list of hooks']],
    ['"checks": [ { "name": "x", "run": "prove -r" } ]', ['a command is a list of words: ["bin/tool", "--option"]']],
    ['"services": { "web": { "manager": "init" } }', ['must be one of process, command, systemd, runit']],
    ['"services": { "web": { "manager": "process" } }', ["a service needs 'start'"]],
    ['"services": { "web": { "start": ["x"], "stop": { "signal": "15" } } }', ['not a signal, such as SIGHUP']],
    [
      '"services": { "web": { "start": ["x"], "ready": { "http": "x", "tcp": 1 } } }',
      ['a probe is exactly one of http, tcp, command, file, log'],
    ],
    ['"services": { "web": { "start": ["x"], "reload": {} } }', ['a reload is either a signal or a command']],
    ['"services": { "web": { "start": ["x"], "reday": {} } }', ["unknown key 'reday'"]],
    ['"upgrade": { "up": [ { "steps": [] } ] }', ["'from' is missing"]],
    ['"upgrade": { "down": [ { "to": "x.y.z.", "steps": [] } ] }', ['not a semver range, such as ^1.2, ">=2 <3" or *']],
    [
      '"upgrade": { "up": [ { "from": "1.x", "steps": [ { "reload": "a", "stop": "b" } ] } ] }',
      ['a step has exactly one verb'],
    ],
    [
      '"upgrade": { "up": [ { "from": "1.x", "steps": [ { "relaod": "a" } ] } ] }',
      ['a step has exactly one verb', "unknown key 'relaod'"],
    ],
    ['"files": []', ["unknown key 'files'"]],
    ['"__proto__": {}', ["unknown key '__proto__'"]],
  ];
  test.each(table)('%s', (keys, problems) => {
    expect(told(keys)).toEqual(problems);
  });
});
