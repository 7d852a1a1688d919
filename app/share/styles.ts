import type { LinksFunction } from '@remix-run/cloudflare';

import styles from './share.css?url';

/** The sheet of what leaves, which no other page has to carry. */
export const shareStyles: LinksFunction = () => [{ rel: 'stylesheet', href: styles }];
