/** Everything that a stand-in holds in memory of what it was told, for whoever looks for something that ought to be gone. */
export type Kept = () => unknown;
