import { testHalf } from './ledger-property';

testHalf('the first half');
