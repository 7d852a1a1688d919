import type { LinksFunction } from '@remix-run/cloudflare';

import styles from './verify.css?url';

/** The sheet of the page that checks files. */
export const verifyStyles: LinksFunction = () => [{ rel: 'stylesheet', href: styles }];
