import { describe, expect, it } from '@jest/globals';
import { describeRefusal, parseTable } from '@common-ground/programme-folder';
import { drawSeason } from './drawing/draw-season.js';
import { readOptions } from './options.js';
import { peopleOf } from './people.js';
import { planSeason, type Season } from './season.js';

const read = (text: string) => peopleOf(parseTable('people.csv', text).table!);
const refusalsOf = (text: string): string[] => read(text).refusals.map(describeRefusal);

const TINY = 'participant,side,age,gender,languages\nA<1>,host,30,f,es en\nA&2,host,41,m,es\n"B""1",migrant,,f,es;fr\nB2,migrant,22,,es\n';
const seasonOf = (text: string, activities = 2, groupSize = 2): Promise<Season> => planSeason({ ...read(text), activities, groupSize, seed: 1 });

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

/** The texts of a document whose every tag is closed in order, whose attributes are quoted and whose ampersands are entities; throws else. */
const textsOf = (xml: string): string[] => {
  const open: string[] = [];
  const texts: string[] = [];
  const rest = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '').replace(/<(\/?)([a-z]+)((?: [a-zA-Z0-9:-]+="[^"<]*")*)(\/?)>|([^<]+)/g, (_, closes: string, name: string, attributes: string, empty: string, words: string) => {
    for (const entity of `${attributes ?? ''}${words ?? ''}`.match(/&[^;]*;?/g) ?? []) if (!(entity in ENTITIES)) throw new Error(`bare ${entity}`);
    if (words !== undefined) {
      if (open.length > 0) texts.push(words.replace(/&[^;]*;/g, (entity) => ENTITIES[entity]!));
    } else if (closes) {
      if (open.pop() !== name) throw new Error(`</${name}> closes what is not open`);
    } else if (!empty) open.push(name);
    return '';
  });
  if (rest !== '' || open.length > 0) throw new Error(`not well-formed: ${rest.slice(0, 80)} ${open.join()}`);
  return texts;
};

describe('the drawing of a season', () => {
  it('is well-formed, says what it is and needs nothing from elsewhere', async () => {
    const svg = drawSeason(await seasonOf(TINY));
    expect(textsOf(svg)).toContain('A season of groups: 4 people, 2 activities');
    expect(svg).toMatch(/<svg [^>]*role="img" aria-labelledby="season-title season-description"/);
    expect(svg).toMatch(/<title id="season-title">.+<\/title>\n<desc id="season-description">Across sides/);
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|href|url\(|<script|<style/);
  }, 60_000);

  it('names every person in the matrix, in the groups and in the rota, whatever their code holds', async () => {
    const texts = textsOf(drawSeason(await seasonOf(TINY)));
    for (const id of ['A<1>', 'A&2', 'B"1', 'B2']) {
      // Twice in the matrix, once in each of two activities, once in the rota.
      expect(texts.filter((words) => words === id || words === `${id} leads`)).toHaveLength(5);
    }
  }, 60_000);

  it('counts meetings, keeps sides together in the matrix and says how far sides met beside chance', async () => {
    // One group of four: everybody meets everybody, each time.
    const season = await seasonOf(TINY, 3, 4);
    expect(season.people.map(({ side }) => side)).toEqual(['host', 'host', 'migrant', 'migrant']);
    expect(season.met).toEqual([[0, 3, 3, 3], [3, 0, 3, 3], [3, 3, 0, 3], [3, 3, 3, 0]]);
    const texts = textsOf(drawSeason(season));
    expect(texts).toContain('Across sides 4 of 4 pairs met: 100 %, where groups by chance bring 100 %.');
    expect(texts).toContain('In all 6 of 6 pairs met; no plan has more than 6, and chance brings 6. Meetings again: 12.');
    // Twelve fields of the matrix, times led and group sizes aside: each pair met three times.
    expect(texts.filter((words) => words === '3').length).toBeGreaterThanOrEqual(12);
  });

  it('gives each group of each activity one leader, and nobody a second turn before all had one', async () => {
    const { rota } = await seasonOf(TINY, 4, 4);
    const leaders = rota.activities.flatMap(({ holders }) => holders.map(({ person }) => person));
    expect([...leaders].sort()).toEqual(['A&2', 'A<1>', 'B"1', 'B2']);
    const texts = textsOf(drawSeason(await seasonOf(TINY, 4, 4)));
    expect(texts.filter((words) => words === 'L 1')).toHaveLength(4);
    expect(texts.filter((words) => words.endsWith(' leads'))).toHaveLength(4);
  });

  it('is the same for the same file and seed', async () => {
    expect(drawSeason(await seasonOf(TINY, 1))).toBe(drawSeason(await seasonOf(TINY, 1)));
  }, 60_000);

  it('brings sides together in pairs, too, where everybody is the only one of their side', async () => {
    expect((await seasonOf(TINY, 2)).series.encounters.distinctAcross).toBe(4);
  }, 60_000);

  it('is not drawn where rules cannot hold: what stands against it is said', async () => {
    await expect(seasonOf('participant,side,languages\na,host,es\nb,host,es\nc,migrant,tr\nd,migrant,tr\n', 1, 4)).rejects.toThrow(/language.*--group-size/i);
  });
});

describe('a file of people', () => {
  it('is read with languages behind spaces or semicolons, and what is not known left out', () => {
    expect(read(TINY)).toMatchObject({
      refusals: [],
      people: [{ id: 'A<1>', languages: ['es', 'en'], attributes: { age: 30, gender: 'f' } }, {}, { languages: ['es', 'fr'], attributes: { gender: 'f' } }, { attributes: { age: 22 } }],
      attributes: [{ name: 'age', kind: 'numeric' }, { name: 'gender', kind: 'categorical' }],
    });
    expect(read('participant,side\na,host\nb,migrant\n')).toMatchObject({ refusals: [], attributes: [] });
  });

  it('is refused by line and column, with what to do', () => {
    expect(refusalsOf('participant,side,age\na,host,12\n,host,-1\na,,x\n')).toEqual([
      'people.csv: row 3: column participant: is empty; every person has a code and a side',
      'people.csv: row 3: column age: "-1" is no age; give years from 0 to 120, or leave it empty',
      'people.csv: row 4: column side: is empty; every person has a code and a side',
      'people.csv: row 4: column participant: a stands in row 2 already; name each person once',
      'people.csv: row 4: column age: "x" is no age; give years from 0 to 120, or leave it empty',
    ]);
  });

  it('is refused when columns are missing or not known, and when it is too small or too large', () => {
    expect(refusalsOf('participant,name\na,b\n')).toEqual([
      'people.csv: row 1: column side: is missing; the heading must name participant and side',
      'people.csv: row 1: column name: is not known; take it out, or name it as one of participant, side, age, gender, languages',
    ]);
    expect(refusalsOf('participant,side\na,host\n')).toEqual(['people.csv: names one person; give at least two']);
    const many = Array.from({ length: 151 }, (_, index) => `p${index},host`).join('\n');
    expect(refusalsOf(`participant,side\n${many}\n`)).toEqual(['people.csv: names 151 people, and a drawing holds 150; split the file']);
  });

  it('is refused when a code holds what no drawing can', () => {
    expect(refusalsOf('participant,side\n"a\u0007",host\nb,migrant\n')).toEqual(['people.csv: row 2: column participant: holds a line break or another control character; take it out']);
  });
});

describe('the options', () => {
  it('have usual values and are refused by name', () => {
    expect(readOptions(['people.csv', '--out', 'season.svg'])).toEqual({ file: 'people.csv', out: 'season.svg', activities: 10, groupSize: 4, seed: 1 });
    expect(readOptions(['people.csv'])).toEqual({ usage: expect.stringContaining('--out') });
    expect(readOptions(['--out', 'season.svg'])).toEqual({ usage: expect.stringContaining('CSV') });
    expect(readOptions(['people.csv', '--out', 'a.svg', '--activities', '0'])).toEqual({ usage: expect.stringContaining('--activities') });
    expect(readOptions(['people.csv', '--out', 'a.svg', '--seed', 'x'])).toEqual({ usage: expect.stringContaining('--seed') });
    expect(readOptions(['people.csv', '--colour'])).toEqual({ usage: expect.stringContaining('--colour') });
    expect(readOptions(['--help'])).toEqual({ usage: undefined });
  });
});
