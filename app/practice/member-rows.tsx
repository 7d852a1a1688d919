import { Link } from '@remix-run/react';

import { ButtonLink } from '../components/button';
import { Time } from '../components/time';
import { roleWords } from '../roles';
import type { Role } from '../../studios/roles';

export interface Member {
	readonly id: string;
	readonly name: string;
	readonly email: string;
	readonly role: Role;
	readonly joinedAt: string;
	readonly isYou: boolean;
}

/** Who belongs to it; for the owner with the way to each one's role. */
export function MemberRows({ members, mayChange }: { members: readonly Member[]; mayChange: boolean }) {
	return (
		<ul className="rows">
			{members.map((member) => (
				<li key={member.id}>
					<div>
						<b className="address">
							{member.name}
							{member.isYou && <span className="muted"> (you)</span>}
						</b>
						<span className="small muted address">{member.email}</span>
						<span className="small muted">
							{roleWords(member.role)}, since <Time at={member.joinedAt} as="day" />
						</span>
					</div>
					{mayChange && member.role !== 'owner' && (
						<ButtonLink to={`/practice/team/${member.id}`} look="line">
							Change<span className="vh"> {member.name}</span>
						</ButtonLink>
					)}
				</li>
			))}
		</ul>
	);
}

/** What there is to do about oneself: hand over, or leave. */
export function OwnPlace({ members, word }: { members: readonly Member[]; word: string }) {
	const you = members.find(({ isYou }) => isYou);
	if (you === undefined) return null;
	if (you.role !== 'owner') {
		return (
			<div className="row">
				<ButtonLink to="/practice/leave" look="line">
					Leave the {word}
				</ButtonLink>
			</div>
		);
	}
	if (members.length === 1) {
		return (
			<p className="soft">
				You are the owner. To hand the {word} over, or to leave it, somebody else has to belong to it first.
			</p>
		);
	}
	return (
		<p className="soft">
			You are the owner. To leave, <Link to="/practice/owner">hand the {word} over</Link> first.
		</p>
	);
}
