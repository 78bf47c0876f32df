/** @returns the CSV that the flights example writes. */
export declare function onePass(path: string): Promise<string>;
