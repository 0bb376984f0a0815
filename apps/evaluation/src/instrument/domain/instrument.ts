import { LIMITS, type Refusal, refusalsAmong, refuseCode, refuseOneOf, refuseText, refuseUuid, shown, throwIfRefused, tidy } from '@common-ground/kernel';

export const HIGHER_IS = ['better', 'worse', 'neither'] as const;
export const ITEMS_AT_MOST = 200;
const LARGEST = 1e9;

/** One question with the range of its answers and what a higher answer means. */
export type Item = {
  readonly code: string;
  readonly text: string;
  readonly scale: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly higherIs: string;
  readonly primary: boolean;
};

/** A questionnaire. What was published stays as it is; changes make another version. */
export type Instrument = {
  readonly id: string;
  readonly mission: string;
  readonly code: string;
  readonly title: string;
  readonly version: number;
  readonly items: readonly Item[];
  readonly publishedAt: Date;
};

export type PublishInstrument = Omit<Instrument, 'version' | 'publishedAt'>;
export type InstrumentPublished = { readonly type: 'InstrumentPublished'; readonly instrument: Instrument };

const refuseRange = (path: readonly string[], { minimum, maximum }: Item): Refusal | undefined => {
  const wrong = (['minimum', 'maximum'] as const).find((end) => !(Math.abs({ minimum, maximum }[end]) <= LARGEST));
  if (wrong) return { code: 'RANGE_INVALID', message: `The ${wrong} is no number within ±${LARGEST}; give the ends of the answers' range.`, path: [...path, wrong] };
  if (minimum >= maximum)
    return { code: 'RANGE_INVALID', message: `The maximum ${maximum} must be above the minimum ${minimum}; give the ends of the answers' range.`, path: [...path, 'maximum'] };
  return undefined;
};

const refuseItem = (item: Item, index: number, earlier: ReadonlyMap<string, number>): Refusal[] => {
  const path = ['items', String(index)];
  const first = earlier.get(item.code);
  return refusalsAmong(
    refuseCode([...path, 'code'], item.code),
    first !== index && { code: 'ITEM_TWICE', message: `The item ${shown(item.code)} is there already as item ${(first ?? 0) + 1}; give each its own code.`, path: [...path, 'code'] },
    refuseText([...path, 'text'], item.text, { min: 1, max: LIMITS.text, multiline: true }),
    refuseText([...path, 'scale'], item.scale, { max: LIMITS.title }),
    refuseRange(path, item),
    refuseOneOf([...path, 'higherIs'], item.higherIs, HIGHER_IS),
  );
};

const refuseItems = (items: readonly Item[]): Refusal[] => {
  if (items.length === 0) return [{ code: 'ITEMS_MISSING', message: 'Give at least one item.', path: ['items'] }];
  if (items.length > ITEMS_AT_MOST) return [{ code: 'ITEMS_TOO_MANY', message: `${items.length} items were given; at most ${ITEMS_AT_MOST} fit.`, path: ['items'] }];
  const first = new Map<string, number>();
  items.forEach(({ code }, index) => first.has(code) || first.set(code, index));
  return items.flatMap((item, index) => refuseItem(item, index, first));
};

const tidyItem = ({ code, text, scale, minimum, maximum, higherIs, primary }: Item): Item => ({ code: tidy(code), text: tidy(text), scale: tidy(scale), minimum, maximum, higherIs, primary });

/**
 * @throws DomainError naming every field that is wrong
 * @returns the command as it will be kept
 */
export const checkInstrument = (command: PublishInstrument): PublishInstrument => {
  const { id, mission } = command;
  const checked = { id, mission, code: tidy(command.code), title: tidy(command.title), items: command.items.map(tidyItem) };
  throwIfRefused([
    ...refusalsAmong(refuseUuid(['id'], id), refuseCode(['mission'], mission), refuseCode(['code'], checked.code), refuseText(['title'], checked.title, { min: 1, max: LIMITS.title })),
    ...refuseItems(checked.items),
  ]);
  return checked;
};

/** @param latest the newest version of this code, 0 when there is none */
export const publishInstrument = (command: PublishInstrument, latest: number, now: Date): { state: Instrument; facts: readonly InstrumentPublished[] } => {
  const state: Instrument = { ...command, version: latest + 1, publishedAt: now };
  return { state, facts: [{ type: 'InstrumentPublished', instrument: state }] };
};
