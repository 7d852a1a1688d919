import { testHalf } from './ledger-property';

testHalf('the second half');
