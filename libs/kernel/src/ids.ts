const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Ids are made by clients, so that a phone can retry; lower-case RFC 9562 UUIDs of any version. */
export const isUuid = (value: string): boolean => UUID.test(value);

/** A mission's code is its identity: ISO 3166-1 alpha-2, with a suffix where one country has two offices (`TR`, `TR-GZT`). */
export const isMissionCode = (value: string): boolean => /^[A-Z]{2}(-[A-Z0-9]{1,8})?$/.test(value);

/** Codes people type and read aloud: letters, digits, `-`, `_`, `.` and single spaces within; 1 to 64 characters. */
export const isCode = (value: string): boolean => value.length <= 64 && /^[\p{L}\p{N}][\p{L}\p{N}._-]*( [\p{L}\p{N}._-]+)*$/u.test(value);
