/** Row-level security that binds the owner of the table too. */
export const scoped = (table: string, intervention: string): string => `
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY scope ON ${table} USING (in_scope(mission, ${intervention})) WITH CHECK (in_scope(mission, ${intervention}));
`;
