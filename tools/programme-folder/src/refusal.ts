/** One thing in a programme folder that cannot be imported, and where. `row` is the line in the file, from 1. */
export type FileRefusal = {
  readonly file: string;
  readonly row?: number;
  readonly column?: string;
  readonly reason: string;
};

export const describeRefusal = ({ file, row, column, reason }: FileRefusal): string =>
  [file, row === undefined ? '' : `row ${row}`, column ? `column ${column}` : '', reason].filter(Boolean).join(': ');
