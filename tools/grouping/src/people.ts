import type { Attribute, Person } from '@common-ground/grouping';
import type { FileRefusal, Table } from '@common-ground/programme-folder';

export type SeasonPeople = { readonly people: readonly Person[]; readonly attributes: readonly Attribute[]; readonly refusals: readonly FileRefusal[] };

const NEEDED = ['participant', 'side'];
const COLUMNS = [...NEEDED, 'age', 'gender', 'languages'];
/** What still can be read in one drawing. */
const PEOPLE_AT_MOST = 150;
const TEXT_AT_MOST = 40;
const AGE_AT_MOST = 120;
/** XML 1.0 cannot hold most of these, escaped or not. */
const isControl = (text: string): boolean => [...text].some((character) => (character.codePointAt(0) ?? 0) < 0x20);

/** Who takes part, from a table with the columns participant, side and, where known, age, gender and languages. */
export const peopleOf = ({ file, columns, rows }: Table): SeasonPeople => {
  const headings = headingRefusals(file, columns);
  if (headings.length > 0) return { people: [], attributes: [], refusals: headings };
  const refusals: FileRefusal[] = [];
  const lineOf = new Map<string, number>();
  const people = rows.map(({ line, values }): Person => {
    const refuse = (column: string, reason: string): number => refusals.push({ file, row: line, column, reason });
    const { participant = '', side = '', age = '', gender = '', languages = '' } = values;
    checkText(participant, (reason) => refuse('participant', reason));
    checkText(side, (reason) => refuse('side', reason));
    const before = lineOf.get(participant);
    if (participant && before !== undefined) refuse('participant', `${participant} stands in row ${before} already; name each person once`);
    else lineOf.set(participant, line);
    if (age !== '' && !(/^\d+(\.\d+)?$/.test(age) && Number(age) <= AGE_AT_MOST)) refuse('age', `"${age}" is no age; give years from 0 to ${AGE_AT_MOST}, or leave it empty`);
    const spoken = languages.split(/[\s;]+/).filter(Boolean);
    return {
      id: participant,
      side,
      attributes: { ...(age === '' ? {} : { age: Number(age) }), ...(gender === '' ? {} : { gender }) },
      ...(spoken.length > 0 ? { languages: spoken } : {}),
    };
  });
  if (people.length < 2) refusals.push({ file, reason: `names ${people.length === 1 ? 'one person' : 'nobody'}; give at least two` });
  if (people.length > PEOPLE_AT_MOST) refusals.push({ file, reason: `names ${people.length} people, and a drawing holds ${PEOPLE_AT_MOST}; split the file` });
  return { people, attributes: attributesOf(people), refusals };
};

const headingRefusals = (file: string, columns: readonly string[]): FileRefusal[] => [
  ...NEEDED.filter((column) => !columns.includes(column)).map((column) => ({ file, row: 1, column, reason: `is missing; the heading must name ${NEEDED.join(' and ')}` })),
  ...columns.filter((column) => !COLUMNS.includes(column)).map((column) => ({ file, row: 1, column: column || '(no name)', reason: `is not known; take it out, or name it as one of ${COLUMNS.join(', ')}` })),
];

const checkText = (text: string, refuse: (reason: string) => unknown): void => {
  if (text === '') refuse('is empty; every person has a code and a side');
  else if ([...text].length > TEXT_AT_MOST) refuse(`is longer than ${TEXT_AT_MOST} characters; use a code`);
  else if (isControl(text)) refuse('holds a line break or another control character; take it out');
};

const attributesOf = (people: readonly Person[]): Attribute[] => {
  const has = (name: string): boolean => people.some(({ attributes }) => attributes?.[name] !== undefined);
  return [...(has('age') ? [{ name: 'age', kind: 'numeric' as const }] : []), ...(has('gender') ? [{ name: 'gender', kind: 'categorical' as const }] : [])];
};
