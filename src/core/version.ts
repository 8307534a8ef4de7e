/** Version of this package; tests hold it equal to package.json's. */
export const VERSION = '0.1.0';
