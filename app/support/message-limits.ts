/** As the api has them; a test holds the two together. */
export const SUBJECT_LENGTH_MAX = 120;
export const WORDS_LENGTH_MAX = 5_000;
