import { PERMISSION_TABLE, type Permission } from '../../studios/roles';
import { Chip } from '../components/chip';
import { ConfirmForm } from '../components/confirm-form';
import { Time } from '../components/time';
import { ReasonField } from './reason-field';

export interface ListedKey {
	readonly id: string;
	readonly name: string;
	readonly ending: string;
	readonly scopes: readonly Permission[];
	readonly dormantScopes: readonly Permission[];
	readonly state: 'live' | 'expired' | 'revoked' | 'maker_left';
	readonly maker: { readonly name: string };
	readonly createdAt: string;
	readonly expiresAt: string;
	readonly lastUsedAt: string | null;
	readonly revokedAt: string | null;
}

export function KeyRows({ keys }: { keys: readonly ListedKey[] }) {
	return (
		<ul className="rows key-rows">
			{keys.map((key) => (
				<li key={key.id}>
					<div className="stack-2">
						<div className="row spread">
							<div>
								<b className="address">{key.name}</b>
								<code className="ending">ak_…{key.ending}</code>
							</div>
							<State apiKey={key} />
						</div>
						<p className="soft">{key.scopes.map((scope) => PERMISSION_TABLE[scope].allows).join('. ')}.</p>
						{key.state === 'live' && key.dormantScopes.length > 0 && <Dormant scopes={key.dormantScopes} />}
						<p className="small muted">
							Made by {key.maker.name} <Time at={key.createdAt} as="day" />. <LastUse at={key.lastUsedAt} />
						</p>
						{key.state === 'live' && (
							<ConfirmForm
								fields={{ intent: 'revoke', id: key.id }}
								label={`Revoke ${key.name}`}
								pendingLabel="Revoking…"
								question={`Revoke ${key.name}?`}
								consequence="The program that uses it is refused from its next request on. A revoked key cannot be brought back; make a new one instead."
								asks={<ReasonField reason={undefined} error={undefined} />}
							/>
						)}
					</div>
				</li>
			))}
		</ul>
	);
}

function State({ apiKey: { state, expiresAt, revokedAt } }: { apiKey: ListedKey }) {
	// One child each: a chip sets its parts apart, and the words of a sentence are none.
	switch (state) {
		case 'live':
			return (
				<Chip state="kept">
					<span>
						Works until <Time at={expiresAt} as="day" />
					</span>
				</Chip>
			);
		case 'expired':
			return (
				<Chip state="gone">
					<span>
						Ended <Time at={expiresAt} as="day" />
					</span>
				</Chip>
			);
		case 'revoked':
			return (
				<Chip state="gone">
					<span>Revoked {revokedAt !== null && <Time at={revokedAt} as="day" />}</span>
				</Chip>
			);
		case 'maker_left':
			return <Chip state="gone">Ended, its maker left</Chip>;
	}
}

function Dormant({ scopes }: { scopes: readonly Permission[] }) {
	const words = scopes.map((scope) => PERMISSION_TABLE[scope].allows.toLowerCase()).join(', ');
	return <p className="small">Refused now, since its maker’s role does not include it any more: {words}.</p>;
}

function LastUse({ at }: { at: string | null }) {
	if (at === null) return <>Never used.</>;
	return (
		<>
			Last used in the hour of <Time at={at} />.
		</>
	);
}
