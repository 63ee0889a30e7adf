import { PORT_SETTING, PROOF, type Template } from './template.ts';

/** A service in Erlang that needs no compiler: an escript. */
export const erlangTemplate: Template = {
  shows: 'a service in Erlang, run by escript, with a setting for its port',
  manifest: {
    description: 'A small web service in Erlang',
    host: { escript: {} },
    settings: { port: PORT_SETTING },
    checks: [{ name: 'syntax', run: ['escript', '-s', 'bin/{name}'] }],
    services: {
      server: {
        start: ['bin/{name}', '${setting.port}'],
        ready: { ...PROOF, timeout: '30s' },
      },
    },
  },
  files: {
    'bin/{name}': [
      '#!/usr/bin/env escript',
      '%% -*- erlang -*-',
      '',
      'main([Port]) ->',
      '    Options = [binary, {active, false}, {reuseaddr, true}, {ip, {127, 0, 0, 1}}],',
      '    {ok, Listen} = gen_tcp:listen(list_to_integer(Port), Options),',
      '    accept(Listen).',
      '',
      'accept(Listen) ->',
      '    {ok, Socket} = gen_tcp:accept(Listen),',
      '    answer(Socket, gen_tcp:recv(Socket, 0, 5000)),',
      '    gen_tcp:close(Socket),',
      '    accept(Listen).',
      '',
      'answer(Socket, {ok, _Request}) ->',
      '    %% Seen by the `ready` of bundle.json: nobody else who has this port is taken for this version.',
      '    Who = [os:getenv("PKG_NAME", ""), "/", os:getenv("PKG_VERSION", "")],',
      '    Head = "HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\nConnection: close\\r\\n",',
      '    gen_tcp:send(Socket, [Head, "X-Served-By: ", Who, "\\r\\n\\r\\n", "It works\\n"]);',
      'answer(_Socket, _Nothing) ->',
      '    ok.',
      '',
    ].join('\n'),
  },
};
