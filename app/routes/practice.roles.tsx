import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Link } from '@remix-run/react';
import { Check, Minus } from 'lucide-react';

import { isAllowed, PERMISSION_TABLE, ROLES, type Permission, type Role } from '../../studios/roles';
import { apiFor, turnedAway } from '../api';
import { PartFailure } from '../practice/part-failure';
import { requireTeam } from '../practice/require-team';
import { permissionsOf, roleSentence, splitByRole } from '../practice/role-sentence';
import { roleWords } from '../roles';
import { useShell, useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Roles');
export const ErrorBoundary = PartFailure;

export async function loader({ request, context }: LoaderFunctionArgs) {
	requireTeam(context);
	// The table is the studio's; this asks who is looking, so that a stranger is led to sign-in first.
	const answer = await apiFor(context, request).v1.account.$get();
	if (!answer.ok) throw await turnedAway(answer, request);
	return null;
}

export default function Roles() {
	const studio = useStudio();
	const { session } = useShell();
	const own = session.signedIn ? session.account?.role : undefined;
	const permissions = permissionsOf(studio);
	return (
		<>
			<section className="part">
				<h2>Four roles</h2>
				<dl className="pairs">
					{ROLES.map((role) => (
						<div key={role}>
							<dt>
								{roleWords(role)}
								{role === own && ' (you)'}
							</dt>
							<dd>{roleSentence(role, studio)}</dd>
						</div>
					))}
				</dl>
				<p className="soft">
					A role counts from the next click after it was given or taken away. The owner gives them under{' '}
					<Link to="/practice/team">Team</Link>.
				</p>
			</section>
			<section className="part">
				<h2>Who may do what</h2>
				<RoleTable permissions={permissions} />
				<RoleLists permissions={permissions} />
			</section>
		</>
	);
}

function RoleTable({ permissions }: { permissions: readonly Permission[] }) {
	return (
		<table className="tbl role-table hide-s">
			<caption className="vh">What each role may do</caption>
			<thead>
				<tr>
					<th scope="col">What</th>
					{ROLES.map((role) => (
						<th key={role} scope="col">
							{roleWords(role)}
						</th>
					))}
				</tr>
			</thead>
			<tbody>
				{permissions.map((permission) => (
					<tr key={permission}>
						<th scope="row" className="plain">
							{PERMISSION_TABLE[permission].allows}
						</th>
						{ROLES.map((role) => (
							<td key={role}>
								<Allowed is={isAllowed(role, permission)} />
							</td>
						))}
					</tr>
				))}
			</tbody>
		</table>
	);
}

function Allowed({ is }: { is: boolean }) {
	const Icon = is ? Check : Minus;
	return (
		<span className={is ? 'may' : 'may not'}>
			<Icon size={18} strokeWidth={1.75} aria-hidden="true" />
			{is ? 'Yes' : 'No'}
		</span>
	);
}

/** The same for narrow screens, where five columns would be squeezed. */
function RoleLists({ permissions }: { permissions: readonly Permission[] }) {
	return (
		<div className="only-s">
			{ROLES.map((role) => (
				<RoleList key={role} role={role} permissions={permissions} />
			))}
		</div>
	);
}

function RoleList({ role, permissions }: { role: Role; permissions: readonly Permission[] }) {
	const { may, mayNot } = splitByRole(role, permissions);
	return (
		<section className="role-list">
			<h3>{roleWords(role)}</h3>
			<ul>
				{may.map((words) => (
					<li key={words}>
						<Check size={18} strokeWidth={1.75} aria-hidden="true" />
						{words}
					</li>
				))}
			</ul>
			{mayNot.length > 0 && (
				<>
					<p className="small muted">Not allowed</p>
					<ul className="soft">
						{mayNot.map((words) => (
							<li key={words}>
								<Minus size={18} strokeWidth={1.75} aria-hidden="true" />
								{words}
							</li>
						))}
					</ul>
				</>
			)}
		</section>
	);
}
