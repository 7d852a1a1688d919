import type { LinksFunction } from '@remix-run/cloudflare';

import styles from './practice.css?url';

/** The sheet of the account's pages, which no other page has to carry. */
export const practiceStyles: LinksFunction = () => [{ rel: 'stylesheet', href: styles }];
