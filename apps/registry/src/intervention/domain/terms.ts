/** The glossary's terms, spelt as they travel. The first five kinds are kinds of personal contact. */
export const KINDS = ['train-and-volunteer', 'create-and-perform', 'celebrate-and-play', 'discover', 'learn-and-discuss', 'campaign'] as const;
export const MODALITIES = ['in-person', 'online', 'hybrid'] as const;
export const DESIGNS = ['none', 'comparison', 'individually-randomised', 'cluster-randomised', 'waitlist'] as const;
export const DEFAULT_SIDES: readonly string[] = ['migrant', 'host'];
export const SIDES_AT_MOST = 20;
