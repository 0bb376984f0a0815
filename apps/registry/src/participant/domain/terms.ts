/** The glossary's terms, spelt as they travel; an empty string stands for "not said" where that is allowed. */
export const AGE_BANDS = ['0-4', '5-12', '13-17', '18-24', '25-34', '35-49', '50-64', '65+'] as const;
export const GENDERS = ['woman', 'man', 'other'] as const;
export const PRIOR_CONTACTS = ['none', 'some', 'regular'] as const;
export const ARMS = ['treatment', 'comparison'] as const;
export const STATUSES = ['enrolled', 'withdrawn'] as const;
export const WITHDRAWAL_REASONS = ['moved-away', 'lost-interest', 'no-time', 'felt-unwelcome', 'safety', 'other'] as const;
