/** True for one of the best known passwords that are long enough to pass otherwise, in any case. */
export function isCommonPassword(password: string): boolean {
  return common.has(password.toLowerCase())
}

const common: ReadonlySet<string> = new Set(
  `
  00000000 000000000 0000000000 01234567 0123456789 0987654321 11111111 111111111 1111111111 11223344 1122334455
  12121212 12123434 12312312 123123123 123123123123 123321123 12341234 1234512345 12345678 123456123456 1234567890
  123456789 12345678910 1234567891 123456789a 123456789q 12345678a 1234567a 12344321 12345qwert 123654789 123698745
  123abc123 123qweasd 123qwe123 12qwaszx 13131313 14141414 147258369 147852369 159357159 159753456 18273645 19841984
  19851985 19861986 19871987 19881988 19891989 19901990 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc
  1qazxsw2 20202020 22222222 22446688 23456789 24682468 31415926 321321321 33333333 44444444 456456456 55555555
  55667788 66666666 69696969 741852963 77777777 789456123 789789789 87654321 88888888 951753852 963852741 987654321
  9876543210 98765432 99999999 999999999 a1234567 a12345678 a123456789 a1b2c3d4 a1b2c3d4e5 aaaaaaaa aa123456
  aa12345678 abc12345 abc123456 abc123abc abcd1234 abcdefgh abcdefghi access14 adminadmin admin123 admin1234
  administrator alexander allstars andromeda angelica anthony1 applepie arsenal1 asdasdasd asdf1234 asdfasdf asdfghjk
  asdfghjkl asdfjkl; azertyui azertyuiop babygirl babygirl1 barcelona baseball baseball1 basketball bismillah
  blink182 bluebird bollocks butterfly caroline carolina changeme charlie1 cheyenne chocolate chocolate1 christian
  christine cocacola computer computer1 creative danielle darkness december dragonball dragon123 einstein
  elephant elizabeth evolution facebook fernando football football1 forever1 freedom1 fuckyou1 fuckyou2 garfield
  geronimo gfhjkmgfhjkm gladiator godzilla goldfish google123 hahahaha hallo123 heather1 hello123 helloworld
  hollywood iloveyou iloveyou1 iloveyou2 ilovegod internet iphone123 jackass1 jasmine1 jennifer jessica1 jonathan
  jordan23 juventus katherine kawasaki killer123 kristina lasvegas letmein1 letmein123 liverpool liverpool1
  logitech login123 london123 lovelove loveyou1 macintosh madison1 manchester margaret marlboro master123 matthew1
  maverick maxwell1 mercedes metallica michael1 michelle mickeymouse midnight minecraft monkey123 monster1 mountain
  mustang1 myspace1 ncc1701d nicholas nicole123 november olivia123 p@ssw0rd p@ssword pa55word paradise pass1234
  passpass passw0rd passw0rd1 password password! password0 password01 password1 password1! password12 password123
  password1234 password2 password3 patricia peekaboo pokemon1 poohbear porsche1 pornhub1 princess princess1 q1w2e3r4
  q1w2e3r4t5 qazwsxedc qazwsx123 qq123456 qwaszx12 qweasdzxc qweqweqwe qwer1234 qwerasdf qwert123 qwert12345
  qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 rangers1 redskins remember rockstar1
  rockyou1 samantha samsung1 scarface scorpion scotland sebastian secret123 september serenity shadow123 showtime
  slipknot snickers snowball soccer12 spiderman spitfire starcraft startrek starwars starwars1 steelers stephanie
  strawberry sunflower sunshine sunshine1 superman superman1 superstar swordfish sunnyday test1234 testtest
  thailand thunder1 thunderbird tigger123 tinkerbell trustno1 undertaker valentina vanessa1 victoria virginia
  volcano1 warcraft welcome1 welcome12 welcome123 whatever whatever1 william1 windows1 wolverine woaini1314
  x1234567 xbox360 yankees1 zaq12wsx zaq1xsw2 zaq1zaq1 zxc123456 zxcvbnm1 zxcvbnm123 zxcvbnm, zzzzzzzz
  `
    .trim()
    .split(/\s+/)
)
