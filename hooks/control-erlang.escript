#!/usr/bin/env escript
%%! -hidden -dist_listen false -start_epmd false -setcookie unknown
%% The Erlang half of control-erlang: reads one request as a term, does its verb in the running node, says what it did.
%% A refusal is said on standard output and ends with 1. What fails half-way is taken back first.
-mode(compile).

main([]) ->
    logger:set_primary_config(level, none),
    io:setopts([{encoding, unicode}]),
    {ok, Request} = io:read(""),
    put(timeout, maps:get(<<"timeout">>, Request)),
    put(node, atom(maps:get(<<"node">>, Request))),
    try
        connect(Request),
        io:format("~ts~n", [do(maps:get(<<"verb">>, Request), Request, maps:get(<<"extra">>, Request))])
    catch
        throw:{refused, Text} ->
            io:format("~ts~n", [Text]),
            halt(1)
    end.

connect(#{<<"cookieFile">> := File}) ->
    application:set_env(kernel, net_setuptime, max(1, get(timeout) div 1000)),
    case string:split(atom_to_list(get(node)), "@") of
        [_, Host] -> {ok, _} = net_kernel:start(own_name(Host));
        _ -> refuse("~ts is not the name of a node: write NAME@HOST", [get(node)])
    end,
    {ok, Cookie} = file:read_file(File),
    erlang:set_cookie(get(node), atom(string:trim(Cookie))),
    case net_kernel:connect_node(get(node)) of
        true -> ok;
        _ -> refuse("~ts does not answer, or has another cookie than the one in ~ts", [get(node), File])
    end.

%% Nodes with long names and nodes with short names do not talk to each other.
own_name(Host) ->
    Unique = os:getpid() ++ "-" ++ integer_to_list(erlang:system_time()),
    case lists:member($., Host) of
        true -> [atom("pkg-" ++ Unique ++ "@127.0.0.1"), longnames];
        false -> [atom("pkg-" ++ Unique ++ "@localhost"), shortnames]
    end.

do(<<"suspend">>, _, Extra) ->
    Processes = [Process || {Process, _} <- processes(Extra)],
    each(Processes, fun suspend/1, fun resume/1),
    said("processes suspended: ~b", [length(Processes)]);
do(<<"resume">>, _, Extra) ->
    Processes = [Process || {Process, _} <- processes(Extra)],
    lists:foreach(fun resume/1, Processes),
    said("processes resumed: ~b", [length(Processes)]);
do(<<"migrate">>, Request, Extra) ->
    Codes = differing(atoms(<<"modules">>, Extra) ++ atoms(<<"load">>, Extra), Request),
    Told = {maps:get(<<"direction">>, Request), maps:get(<<"extra">>, Extra, [])},
    Changes = [{change, Process, Code, Told} || {Process, Module} <- processes(Extra), #{module := Same} = Code <- Codes, Same =:= Module],
    Loads = [{load, Code} || Code <- Codes],
    %% The newer code knows both forms of the state: it is there for the change in both directions.
    Steps = case Told of {<<"up">>, _} -> Loads ++ Changes; _ -> Changes ++ Loads end,
    each(Steps, fun take/1, fun take_back/1),
    said("modules loaded: ~b, processes migrated: ~b", [length(Loads), length(Changes)]);
do(<<"call">>, Request, Extra) ->
    [there(code, add_patha, [binary_to_list(Path)]) || Path <- maps:get(<<"addPaths">>, Extra)],
    each([{load, Code} || Code <- differing(atoms(<<"load">>, Extra), Request)], fun take/1, fun take_back/1),
    [there(code, del_path, [binary_to_list(Path)]) || Path <- maps:get(<<"removePaths">>, Extra)],
    case maps:get(<<"apply">>, Extra, none) of
        none -> "done";
        #{} = Ways -> apply_there(maps:get(maps:get(<<"direction">>, Request), Ways, none));
        Call -> apply_there(Call)
    end;
do(<<"config">>, #{<<"config">> := File, <<"previousConfig">> := Former}, _) ->
    Now = [{Name, Key, Value} || {Name, Values} <- config(File), {Key, Value} <- Values],
    Gone = [{Name, Key} || {Name, Values} <- former_config(Former), {Key, _} <- Values] -- [{Name, Key} || {Name, Key, _} <- Now],
    Before = there(application_controller, prep_config_change, []),
    [set(Name, Key, {ok, Value}) || {Name, Key, Value} <- Now],
    [set(Name, Key, default(Name, Key)) || {Name, Key} <- Gone],
    case tell_applications(Before) of
        ok -> said("configured from ~ts", [File]);
        {error, Why} ->
            %% Those that took it are told once more that it is as it was.
            Refused = there(application_controller, prep_config_change, []),
            [set(Name, Key, value(Name, Key, Before)) || {Name, Key} <- Gone ++ [{Name, Key} || {Name, Key, _} <- Now]],
            Back = case tell_applications(Refused) of ok -> ""; {error, Too} -> said("; and not taken back: ~0tp", [Too]) end,
            refuse("~ts did not take ~ts: ~0tp~ts", [get(node), File, Why, Back])
    end;
do(Verb, _, _) ->
    refuse("control-erlang does not know the verb '~ts'", [Verb]).

%% Pairs of a process and its module: those called by name, and those whose child specification names a module.
processes(Extra) ->
    Modules = atoms(<<"modules">>, Extra),
    Names = atoms(<<"processes">>, Extra),
    case {Names, Modules} of
        {[], []} -> refuse("extra names neither modules nor processes", []);
        {[], _} -> [{Pid, Module} || {_, _, Pid, Used} <- supervised(), is_pid(Pid), Module <- Modules, lists:member(Module, Used)];
        _ -> [registered_as(Name) || Name <- Names]
    end.

supervised() ->
    there(release_handler_1, get_supervised_procs, []).

registered_as(Name) ->
    case there(erlang, whereis, [Name]) of
        undefined -> refuse("~ts has no process that is registered as ~ts", [get(node), Name]);
        Pid -> {Module, _, _} = there(proc_lib, translate_initial_call, [Pid]), {Pid, Module}
    end.

suspend(Process) ->
    try sys:suspend(Process, get(timeout))
    catch exit:Why ->
        %% The order may still lie in its mailbox: what follows there takes it back.
        catch sys:resume(Process, 0),
        refuse("~ts did not suspend: ~ts", [title(Process), reason(Why)])
    end.

resume(Process) ->
    try sys:resume(Process, get(timeout))
    catch exit:Why -> refuse("~ts did not resume: ~ts", [title(Process), reason(Why)])
    end.

take({load, #{module := Module, file := File, binary := Binary, former := Former}}) ->
    there(code, soft_purge, [Module]) orelse refuse("processes of ~ts still run older code of ~ts", [get(node), Module]),
    load(Module, File, Binary),
    move_path(Former, File);
take({change, Process, #{module := Module, from := From, to := To}, {Direction, Extra}}) ->
    change(Process, Module, case Direction of <<"up">> -> From; _ -> {down, To} end, Extra).

take_back({load, #{former := none}}) ->
    ok;
take_back({load, #{module := Module, file := File, former := {FormerFile, Binary}}}) ->
    there(code, purge, [Module]),
    load(Module, FormerFile, Binary),
    move_path({File, Binary}, FormerFile);
take_back({change, Process, #{module := Module, from := From, to := To}, {Direction, Extra}}) ->
    change(Process, Module, case Direction of <<"up">> -> {down, From}; _ -> To end, Extra).

load(Module, File, Binary) ->
    case there(code, load_binary, [Module, File, Binary]) of
        {module, Module} -> ok;
        {error, Why} -> refuse("~ts did not load ~ts: ~0tp", [get(node), Module, Why])
    end.

%% Modules that are loaded later come from the same folder; a node on another machine does not have it and stays as it is.
move_path(none, _) ->
    ok;
move_path({From, _}, To) ->
    case there(code, add_patha, [filename:dirname(To)]) of
        true -> there(code, del_path, [filename:dirname(From)]);
        _ -> ok
    end.

change(Process, Module, Version, Extra) ->
    try sys:change_code(Process, Module, Version, Extra, get(timeout)) of
        ok -> ok;
        {error, Why} -> refuse("~ts did not change: ~ts", [title(Process), reason(Why)])
    catch
        exit:Why -> refuse("~ts did not change: ~ts", [title(Process), reason(Why)])
    end.

%% A module that is already as it should become is left alone: twice is once, and what never happened needs no way back.
differing(Modules, Request) ->
    [Code || #{is := Is, becomes := Becomes} = Code <- [code_of(Module, Request) || Module <- Modules], Is =/= Becomes].

code_of(Module, #{<<"ebins">> := Folders}) ->
    Name = atom_to_list(Module) ++ ".beam",
    case [File || Folder <- Folders, File <- [filename:join(binary_to_list(Folder), Name)], filelib:is_regular(File)] of
        [File | _] ->
            {ok, Binary} = file:read_file(File),
            {ok, {Module, Becomes}} = beam_lib:md5(Binary),
            {ok, {Module, To}} = beam_lib:version(Binary),
            maps:merge(live(Module), #{module => Module, file => File, binary => Binary, becomes => Becomes, to => bare(To)});
        [] ->
            refuse("there is no ~ts in ~ts", [Name, lists:join(" or ", Folders)])
    end.

live(Module) ->
    case there(erlang, module_loaded, [Module]) of
        true ->
            Is = there(Module, module_info, [md5]),
            From = proplists:get_value(vsn, there(Module, module_info, [attributes])),
            #{is => Is, from => bare(From), former => former(there(code, get_object_code, [Module]), Is)};
        false ->
            #{is => none, from => none, former => none}
    end.

%% -vsn(7) is kept as [7], -vsn("1.0.0") as it is.
bare([Version]) -> Version;
bare(Version) -> Version.

%% What a path leads to now may no longer be what was loaded from it.
former({_, Binary, File}, Is) ->
    case beam_lib:md5(Binary) of
        {ok, {_, Is}} -> {File, Binary};
        _ -> none
    end;
former(error, _) ->
    none.

apply_there(none) ->
    "done";
apply_there([Module, Function, Arguments]) ->
    said("~0tp", [there(atom(Module), atom(Function), Arguments)]);
apply_there(_) ->
    refuse("extra.apply is not [module, function, [arguments]]", []).

%% OTP calls config_change(Changed, New, Removed) of every application that runs and is configured in another way now.
tell_applications(Before) ->
    there(application_controller, config_change, [Before]).

set(Name, Key, {ok, Value}) -> there(application, set_env, [Name, Key, Value]);
set(Name, Key, undefined) -> there(application, unset_env, [Name, Key]).

value(Name, Key, Environments) ->
    case proplists:get_value(Key, proplists:get_value(Name, Environments, []), none) of
        none -> undefined;
        Value -> {ok, Value}
    end.

%% What a key that is configured no more has by the application itself.
default(Name, Key) ->
    case there(code, where_is_file, [atom_to_list(Name) ++ ".app"]) of
        non_existing -> undefined;
        File ->
            case there(file, consult, [File]) of
                {ok, [{application, Name, Keys}]} -> value(env, Key, Keys);
                _ -> undefined
            end
    end.

%% Where nobody kept what was read before, nothing counts as removed.
former_config(null) -> [];
former_config(File) ->
    case file:consult(File) of
        {ok, [Applications]} -> Applications;
        _ -> []
    end.

config(File) ->
    case file:consult(File) of
        {ok, [Applications]} -> Applications;
        {ok, _} -> refuse("~ts does not hold one list", [File]);
        {error, Why} -> refuse("cannot read ~ts: ~ts", [File, file:format_error(Why)])
    end.

%% Does one thing after the other; when one is refused, takes back those before it.
each(Things, Do, Undo) ->
    lists:foldl(fun(Thing, Done) ->
        try Do(Thing), [Thing | Done]
        catch throw:{refused, Why} -> refuse("~ts~ts", [Why, [not_back(Undo, Each) || Each <- Done]])
        end
    end, [], Things).

not_back(Undo, Thing) ->
    try Undo(Thing), ""
    catch throw:{refused, Why} -> ["; and not taken back: ", Why]
    end.

there(Module, Function, Arguments) ->
    case rpc:call(get(node), Module, Function, Arguments, get(timeout)) of
        {badrpc, timeout} -> refuse("~ts did not answer ~ts:~ts in time", [get(node), Module, Function]);
        {badrpc, nodedown} -> refuse("~ts is gone", [get(node)]);
        {badrpc, {'EXIT', {Why, _}}} -> refuse("~ts:~ts failed: ~0tp", [Module, Function, Why]);
        {badrpc, Why} -> refuse("~ts:~ts failed: ~0tp", [Module, Function, Why]);
        Answer -> Answer
    end.

title(Process) ->
    case there(erlang, process_info, [Process, registered_name]) of
        {registered_name, Name} -> atom_to_list(Name);
        _ -> pid_to_list(Process)
    end.

reason({error, Why}) -> reason(Why);
reason({timeout, _}) -> "no answer in time";
reason({'EXIT', {Why, [{Module, Function, Arguments, _} | _]}}) -> said("~0tp in ~ts:~ts ~0tp", [Why, Module, Function, Arguments]);
reason({Why, {sys, _, _}}) -> reason(Why);
reason(Why) -> said("~0tp", [Why]).

atoms(Key, Extra) ->
    [atom(Name) || Name <- maps:get(Key, Extra, [])].

atom(Name) when is_binary(Name) -> binary_to_atom(Name, utf8);
atom(Name) -> list_to_atom(Name).

said(Format, Values) ->
    unicode:characters_to_list(io_lib:format(Format, Values)).

refuse(Format, Values) ->
    throw({refused, said(Format, Values)}).
