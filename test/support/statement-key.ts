/** What signs statements about files in all tests; its seed is the 32 bytes 32…63. */
export const TEST_STATEMENT_SEED = 'ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=';
