import { Presets, SingleBar } from 'cli-progress';

export type Watch = { readonly to: (share: number) => void; readonly end: () => void };

/** A bar where somebody looks on, a line for each quarter where a log is written. */
export const watchOn = (stream: NodeJS.WriteStream, what: string): Watch => {
  if (!stream.isTTY) return inLines(stream, what);
  const bar = new SingleBar({ stream, format: `${what} {bar} {percentage} %`, clearOnComplete: false, hideCursor: true }, Presets.shades_classic);
  bar.start(100, 0);
  return { to: (share) => bar.update(Math.round(share * 100)), end: () => bar.stop() };
};

const inLines = (stream: { write(text: string): unknown }, what: string): Watch => {
  let told = -1;
  return {
    to: (share) => {
      const quarter = Math.floor(share * 4);
      if (quarter <= told) return;
      told = quarter;
      stream.write(`${what}: ${quarter * 25} %\n`);
    },
    end: () => undefined,
  };
};
