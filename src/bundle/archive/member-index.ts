import { readSync } from 'node:fs';
import { BreachError } from './breach-error.ts';
import { decodeMember, isMemberHeader, type Kind, MEMBER_HEADER, type Member } from './member.ts';

/** Members one after the other that hold whole entries, and which rows of the table these are. */
export type Section = { readonly members: readonly Member[]; readonly firstRow: number; readonly rows: number };

/** How an archive is divided: `bundle.json`, sections that can be read in any order, the end mark. */
export type Index = {
  readonly table: readonly Member[];
  readonly sections: readonly Section[];
  readonly end: Member;
};

const MAY_FOLLOW: Readonly<Record<Kind | 'nothing', readonly Kind[]>> = {
  nothing: ['table'],
  table: ['table', 'entries', 'end'],
  entries: ['entries', 'rest', 'end'],
  rest: ['entries', 'rest', 'end'],
  end: [],
};

/** Whether the file is divided into members that say what they hold; then all of them must. */
export function hasIndex(fd: number): boolean {
  return isMemberHeader(readHeader(fd, 0));
}

/** The first members, which hold `bundle.json`. */
export function* tableMembers(fd: number): Generator<Member> {
  for (const member of walk(fd)) {
    if (member.kind !== 'table') return;
    yield member;
  }
}

/** Every member, put together to sections: they lie without a gap from the first byte to the last, and so do the rows. */
export function readIndex(fd: number, size: number): Index {
  const table: Member[] = [];
  const sections: { members: Member[]; firstRow: number; rows: number }[] = [];
  let row = 0;
  for (const member of walk(fd)) {
    const { kind, firstRow, rows, at, length } = member;
    if (firstRow !== row || rows > 0 !== (kind === 'entries')) throw badIndex(at);
    row += rows;
    if (kind === 'table') table.push(member);
    else if (kind === 'entries') sections.push({ members: [member], firstRow, rows });
    else if (kind === 'rest') sections.at(-1)?.members.push(member);
    else if (size > at + length) throw new BreachError('gzip-trailing-data', null, `${size - at - length} bytes`);
    else if (size < at + length) throw new BreachError('truncated', null);
    else return { table, sections, end: member };
  }
  throw new BreachError('truncated', null);
}

function* walk(fd: number): Generator<Member> {
  let before: Kind | 'nothing' = 'nothing';
  for (let at = 0; before !== 'end'; ) {
    const header = readHeader(fd, at);
    if (header.length < MEMBER_HEADER) throw new BreachError('truncated', null);
    if (!isMemberHeader(header)) throw badIndex(at);
    const member = decodeMember(header, at);
    if (!MAY_FOLLOW[before].includes(member.kind)) throw badIndex(at);
    yield member;
    before = member.kind;
    at += member.length;
  }
}

function readHeader(fd: number, at: number): Buffer {
  const header = Buffer.alloc(MEMBER_HEADER);
  return header.subarray(0, readSync(fd, header, 0, MEMBER_HEADER, at));
}

function badIndex(at: number): BreachError {
  return new BreachError('member-index', null, `at byte ${at}`);
}
