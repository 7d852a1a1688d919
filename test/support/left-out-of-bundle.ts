/** In place of what a bundler leaves out of a package because nobody calls it, so that no test loads it either. */
export const isLeftOut = true;
