/**
 * Common emoji by group, each as `emoji|English name|German name|more words that find it`. Names are those of Unicode's CLDR.
 */
export const emojiGroups = {
  smileys: `
😀|grinning face|grinsendes Gesicht|cheerful froh
😃|grinning face with big eyes|grinsendes Gesicht mit großen Augen|awesome fröhlich
😄|grinning face with smiling eyes|grinsendes Gesicht mit lachenden Augen|happy fröhlich
😁|beaming face with smiling eyes|strahlendes Gesicht mit lachenden Augen|grin fröhlich
😆|grinning squinting face|Grinsegesicht mit zugekniffenen Augen|closed geschlossen
😅|grinning face with sweat|grinsendes Gesicht mit Schweißtropfen|cold lachen
🤣|rolling on the floor laughing|sich vor Lachen auf dem Boden wälzen|crying gesicht
😂|face with tears of joy|Gesicht mit Freudentränen|crying fröhlich
🙂|slightly smiling face|leicht lächelndes Gesicht|happy smiley
🙃|upside-down face|umgekehrtes Gesicht|hehe auf dem kopf
😉|winking face|zwinkerndes Gesicht|flirt auge
😊|smiling face with smiling eyes|lächelndes Gesicht mit lachenden Augen|blush erröten
😇|smiling face with halo|lächelndes Gesicht mit Heiligenschein|angel brav
🥰|smiling face with hearts|lächelndes Gesicht mit Herzen|adore anhimmeln
😍|smiling face with heart-eyes|lächelndes Gesicht mit herzförmigen Augen|bae glücklich
🤩|star-struck|überwältigt|excited aufgeregt
😘|face blowing a kiss|Kuss zuwerfendes Gesicht|adorbs flirten
😗|kissing face|küssendes Gesicht|date flirten
😚|kissing face with closed eyes|küssendes Gesicht mit geschlossenen Augen|bae knutsch
😋|face savoring food|sich die Lippen leckendes Gesicht|delicious lecker
😛|face with tongue|Gesicht mit herausgestreckter Zunge|awesome bäh
😜|winking face with tongue|zwinkerndes Gesicht mit herausgestreckter Zunge|crazy auge
🤪|zany face|irres Gesicht|crazy auge
😝|squinting face with tongue|Gesicht mit herausgestreckter Zunge und zusammengekniffenen Augen|closed bäh
🤗|smiling face with open hands|Gesicht mit umarmenden Händen|hug drücken
🤭|face with hand over mouth|verlegen kicherndes Gesicht|giggle haha
🤫|shushing face|ermahnendes Gesicht|quiet finger
🤔|thinking face|nachdenkendes Gesicht|chin fragen
🫡|saluting face|salutierendes Gesicht|good aye
🤐|zipper-mouth face|Gesicht mit Reißverschlussmund|keep geheimnis
🤨|face with raised eyebrow|Gesicht mit hochgezogenen Augenbrauen|disapproval argwöhnisch
😐|neutral face|neutrales Gesicht|awkward ausdruckslos
😑|expressionless face|ausdrucksloses Gesicht|awkward kommentarlos
😶|face without mouth|Gesicht ohne Mund|awkward kein
😏|smirking face|süffisant lächelndes Gesicht|boss feixen
😒|unamused face|verstimmtes Gesicht|bored langweilig
🙄|face with rolling eyes|Augen verdrehendes Gesicht|eyeroll genervt
😬|grimacing face|Grimassen schneidendes Gesicht|awk peinlich
😮‍💨|face exhaling|Gesicht, das ausatmet|blow ausatmen
😌|relieved face|erleichtertes Gesicht|calm augen
😔|pensive face|nachdenkliches Gesicht|awful enttäuscht
😪|sleepy face|schläfriges Gesicht|crying gute
😴|sleeping face|schlafendes Gesicht|bed dösen
😷|face with medical mask|Gesicht mit Atemschutzmaske|cold arzt
🤒|face with thermometer|Gesicht mit Fieberthermometer|ill krank
🤕|face with head-bandage|Gesicht mit Kopfverband|hurt aua
🤢|nauseated face|würgendes Gesicht|gross ekel
🤧|sneezing face|niesendes Gesicht|fever erkältet
🥵|hot face|schwitzendes Gesicht|dying erhitzt
🥶|cold face|frierendes Gesicht|blue bibbern
🥴|woozy face|schwindeliges Gesicht|dizzy angeheitert
😵|face with crossed-out eyes|benommenes Gesicht|dead augen
🤯|exploding head|explodierender Kopf|blown entsetzt
🤠|cowboy hat face|Gesicht mit Cowboyhut|cowgirl cowgirl
🥳|partying face|Partygesicht|bday aufgeregt
🥸|disguised face|verkleidet|eyebrow brille
😎|smiling face with sunglasses|lächelndes Gesicht mit Sonnenbrille|awesome cool
🤓|nerd face|Strebergesicht|brainy brille
🧐|face with monocle|Gesicht mit Monokel|classy elegant
😕|confused face|verwundertes Gesicht|befuddled keine ahnung
😟|worried face|besorgtes Gesicht|anxious smiley
🙁|slightly frowning face|betrübtes Gesicht|sad schade
☹️|frowning face|düsteres Gesicht|sad deprimiert
😮|face with open mouth|Gesicht mit offenem Mund|believe erstaunt
😯|hushed face|verdutztes Gesicht|epic erstaunt
😲|astonished face|erstauntes Gesicht|cost nee
😳|flushed face|errötetes Gesicht mit großen Augen|amazed erröten
🥺|pleading face|bettelndes Gesicht|begging anflehen
🥹|face holding back tears|Gesicht, das Tränen zurückhält|admiration aufgebracht
😦|frowning face with open mouth|entsetztes Gesicht|caught mund
😧|anguished face|qualvolles Gesicht|forgot arm
😨|fearful face|ängstliches Gesicht|afraid angst
😰|anxious face with sweat|besorgtes Gesicht mit Schweißtropfen|blue angst
😥|sad but relieved face|trauriges aber erleichtertes Gesicht|anxious enttäuscht
😢|crying face|weinendes Gesicht|awful smiley
😭|loudly crying face|heulendes Gesicht|bawling flennen
😱|face screaming in fear|vor Angst schreiendes Gesicht|epic munch
😖|confounded face|verwirrtes Gesicht|annoyed bestürzt
😣|persevering face|entschlossenes Gesicht|concentrate ausdauernd
😞|disappointed face|enttäuschtes Gesicht|awful leider
😓|downcast face with sweat|bedrücktes Gesicht mit Schweiß|close angstschweiß
😩|weary face|erschöpftes Gesicht|crying fehlschlag
😫|tired face|müdes Gesicht|cost niesen
🥱|yawning face|gähnendes Gesicht|bedtime gelangweilt
😤|face with steam from nose|schnaubendes Gesicht|anger erleichtert
😡|enraged face|schmollendes Gesicht|anger rot
😠|angry face|verärgertes Gesicht|anger böse
🤬|face with symbols on mouth|Gesicht mit Symbolen über dem Mund|censor fluchen
😈|smiling face with horns|grinsendes Gesicht mit Hörnern|demon böse
💀|skull|Totenkopf|body gesicht
💩|pile of poo|Kothaufen|bs mist
🤡|clown face|Clown-Gesicht|
👻|ghost|Gespenst|boo buh
👽|alien|Außerirdischer|creature alien
🤖|robot|Roboter|face gesicht
😺|grinning cat|grinsende Katze|animal gesicht
😻|smiling cat with heart-eyes|lachende Katze mit Herzen als Augen|animal gesicht
🙈|see-no-evil monkey|sich die Augen zuhaltendes Affengesicht|embarrassed böse
🙉|hear-no-evil monkey|sich die Ohren zuhaltendes Affengesicht|animal böse
🙊|speak-no-evil monkey|sich den Mund zuhaltendes Affengesicht|animal böse
`,
  hearts: `
❤️|red heart|rotes Herz|emotion
🧡|orange heart|oranges Herz| liebe
💛|yellow heart|gelbes Herz|cardiac gefühl
💚|green heart|grünes Herz|emotion gefühl
💙|blue heart|blaues Herz|emotion gefühl
💜|purple heart|lila Herz|bestest beste
🖤|black heart|schwarzes Herz|evil böse
🤍|white heart|weißes Herz|
🤎|brown heart|braunes Herz|
💔|broken heart|gebrochenes Herz|break allein
❣️|heart exclamation|Herz als Ausrufezeichen|heavy satzzeichen
💕|two hearts|zwei Herzen|anniversary date
💞|revolving hearts|kreisende Herzen|adorbs emotion
💓|beating heart|schlagendes Herz|cardio gefühl
💗|growing heart|wachsendes Herz|emotion aufregung
💖|sparkling heart|funkelndes Herz|emotion aufregung
💘|heart with arrow|Herz mit Pfeil|adorbs liebe
💝|heart with ribbon|Herz mit Schleife|anniversary hochzeitstag
💯|hundred points|100 Punkte|a+ punktestand
💢|anger symbol|Ärger|angry comic
💥|collision|Zusammenstoß|bomb bombe
💫|dizzy|schwindlig|comic benommen
💦|sweat droplets|Schweißtropfen|comic comic
💨|dashing away|Staubwolke|cloud comic
💬|speech balloon|Sprechblase mit drei Punkten|bubble comic
💭|thought balloon|Gedankenblase|bubble comic
💤|ZZZ|Schlafen|comic buchstaben
`,
  people: `
👋|waving hand|winkende Hand|bye auf wiedersehen
🤚|raised back of hand|erhobene Hand von hinten|backhand erhobener handrücken
✋|raised hand|erhobene Hand|five halt
🖖|vulcan salute|vulkanischer Gruß|finger finger
👌|OK hand|OK-Zeichen|awesome exzellent
🤌|pinched fingers|zusammengedrückte Finger|gesture bündelhand
🤏|pinching hand|Wenig-Geste|amount betrag
✌️|victory hand|Victory-Geste|peace sieg
🤞|crossed fingers|Hand mit gekreuzten Fingern|hand
🫰|hand with index finger and thumb crossed|Hand mit gekreuztem Zeigefinger und Daumen|expensive fingerherz
🤟|love-you gesture|Ich-liebe-dich-Geste|fingers drei
🤘|sign of the horns|Teufelsgruß|finger corna
🤙|call me hand|Ruf-mich-an-Handzeichen|hang anruf
👈|backhand index pointing left|nach links weisender Zeigefinger|finger handrückseite
👉|backhand index pointing right|nach rechts weisender Zeigefinger|finger handrückseite
👆|backhand index pointing up|nach oben weisender Zeigefinger von hinten|finger aufwärts
👇|backhand index pointing down|nach unten weisender Zeigefinger|finger abwärts
☝️|index pointing up|nach oben weisender Zeigefinger von vorne|finger hand
👍|thumbs up|Daumen hoch|good einverstanden
👎|thumbs down|Daumen runter|bad hand
✊|raised fist|erhobene Faust|clenched hand
👊|oncoming fist|geballte Faust|absolutely absolut
🤛|left-facing fist|Faust nach links|leftwards hand
🤜|right-facing fist|Faust nach rechts|rightwards hand
👏|clapping hands|klatschende Hände|applause applaudieren
🙌|raising hands|zwei erhobene Handflächen|celebration feiern
🫶|heart hands|Hände, die Herz bilden|love finger
👐|open hands|offene Hände|hug jazz
🤲|palms up together|Handflächen nach oben|cupped beten
🤝|handshake|Handschlag|agreement hände
🙏|folded hands|zusammengelegte Handflächen|appreciate beten
✍️|writing hand|schreibende Hand|write stift
💅|nail polish|Nagellack|bored kosmetik
💪|flexed biceps|angespannter Bizeps|arm arm
🧠|brain|Gehirn|intelligent intelligent
👀|eyes|Augen|body gesicht
👁️|eye|Auge|body blick
👄|mouth|Mund|beauty kuss
👶|baby|Baby|babies gesicht
🧒|child|Kind|bright-eyed enkelkind
👩|woman|Frau|adult erwachsen
👨|man|Mann|adult erwachsen
🧑|person|Person|adult erwachsen
👵|old woman|ältere Frau|adult alt
👴|old man|älterer Mann|adult alt
🙋|person raising hand|Person mit erhobenem Arm|gesture aufzeigen
🙇|person bowing|sich verbeugende Person|apology bedauern
🤦|person facepalming|sich an den Kopf fassende Person|again frustriert
🤷|person shrugging|schulterzuckende Person|doubt egal
🧑‍💻|technologist|IT-Experte/IT-Expertin|coder bildschirm
🧑‍🍳|cook|Koch/Köchin|chef kochen
🧑‍🎓|student|Student(in)|graduate absolvent(in)
🧑‍🏫|teacher|Lehrer(in)|instructor dozent(in)
🧑‍🔧|mechanic|Mechaniker(in)|electrician elektriker(in)
🧑‍🚀|astronaut|Astronaut(in)|rocket raumfahrt
🕵️|detective|Detektiv(in)|sleuth lupe
🎅|Santa Claus|Weihnachtsmann|celebration weihnachten
🦸|superhero|Superheld(in)|good person
🧙|mage|Magier(in)|fantasy hexe
🧘|person in lotus position|Person im Lotossitz|cross burmesischer sitz
🏃|person running|laufende Person|fast eilig
💃|woman dancing|tanzende Frau|dance elegant
🕺|man dancing|tanzender Mann|dance elegant
👪|family|Familie|child junge
`,
  nature: `
🐶|dog face|Hundegesicht|adorbs tier
🐱|cat face|Katzengesicht|animal miau
🐭|mouse face|Mäusegesicht|animal maus
🐹|hamster|Hamster|animal gesicht
🐰|rabbit face|Hasengesicht|animal kaninchen
🦊|fox|Fuchs|animal fuchsgesicht
🐻|bear|Bär|animal bärengesicht
🐼|panda|Panda|animal gesicht
🐨|koala|Koala|animal koalabär
🐯|tiger face|Tigergesicht|animal raubkatze
🦁|lion|Löwe|alpha gesicht
🐮|cow face|Kuhgesicht|animal tier
🐷|pig face|Schweinegesicht|animal tier
🐸|frog|Frosch|animal froschgesicht
🐵|monkey face|Affengesicht|animal banane
🐔|chicken|Huhn|animal geflügel
🐧|penguin|Pinguin|animal pinguinkopf
🐦|bird|Vogel|animal papagei
🦆|duck|Ente|animal tier
🦉|owl|Eule|animal raubvogel
🦇|bat|Fledermaus|animal tier
🐺|wolf|Wolf|animal gesicht
🐴|horse face|Pferdegesicht|animal pferdekopf
🦄|unicorn|Einhorn|face einhorngesicht
🐝|honeybee|Biene|animal honig
🐛|bug|Raupe|animal gefräßig
🦋|butterfly|Schmetterling|insect insekt
🐌|snail|Schnecke|animal langsam
🐞|lady beetle|Marienkäfer|animal glückskäfer
🐢|turtle|Schildkröte|animal tier
🐍|snake|Schlange|animal schlangenträger
🐙|octopus|Oktopus|animal krake
🐬|dolphin|Delfin|animal meer
🐳|spouting whale|blasender Wal|animal meer
🐟|fish|Fisch|animal aquarium
🐘|elephant|Elefant|animal tier
🦒|giraffe|Giraffe|animal flecken
🐑|ewe|Schaf|animal bock
🦔|hedgehog|Igel|animal stachelig
🌵|cactus|Kaktus|desert dürre
🎄|Christmas tree|Weihnachtsbaum|celebration tanne
🌲|evergreen tree|Nadelbaum|christmas pflanze
🌴|palm tree|Palme|beach baum
🌱|seedling|Spross|plant junge pflanze
🌿|herb|Kräuter|leaf blätter
🍀|four leaf clover|Glücksklee|four-leaf blatt
🍁|maple leaf|Ahornblatt|falling herbst
🍄|mushroom|Fliegenpilz|fungus giftig
💐|bouquet|Blumenstrauß|anniversary bouquet
🌷|tulip|Tulpe|blossom blume
🌹|rose|Rose|beauty blume
🌻|sunflower|Sonnenblume|outdoors blüte
🌸|cherry blossom|Kirschblüte|flower blume
🌍|globe showing Europe-Africa|Globus mit Europa und Afrika|earth erde
🌙|crescent moon|Mondsichel|ramadan nacht
⭐|star|weißer mittelgroßer Stern|astronomy astronomie
🌟|glowing star|funkelnder Stern|glittery glitzern
✨|sparkles|funkelnde Sterne|magic
⚡|high voltage|Hochspannung|danger blitz
🔥|fire|Feuer|af brennen
🌈|rainbow|Regenbogen|gay wetter
☀️|sun|Sonne|bright sonnenstrahlen
⛅|sun behind cloud|Sonne hinter Wolke|cloudy wolkig
☁️|cloud|Wolke|weather wetter
🌧️|cloud with rain|Wolke mit Regen|weather regenwolke
❄️|snowflake|Schneeflocke|cold kalt
⛄|snowman without snow|Schneemann ohne Schneeflocken|cold kalt
🌊|water wave|Welle|nature meer
💧|droplet|Tropfen|cold schweiß
`,
  food: `
🍎|red apple|roter Apfel|diet frucht
🍐|pear|Birne|fruit frucht
🍊|tangerine|Mandarine|c apfelsine
🍋|lemon|Zitrone|citrus frucht
🍌|banana|Banane|fruit frucht
🍉|watermelon|Wassermelone|fruit frucht
🍇|grapes|Trauben|dionysus frucht
🍓|strawberry|Erdbeere|fruit essen
🍒|cherries|Kirschen|berries frucht
🍑|peach|Pfirsich|fruit frucht
🥭|mango|Mango|food essen
🍍|pineapple|Ananas|colada frucht
🥝|kiwi fruit|Kiwi|food frucht
🍅|tomato|Tomate|food essen
🥑|avocado|Avocado|food essen
🥦|broccoli|Brokkoli|cabbage broccoli
🥕|carrot|Karotte|food gemüse
🌽|ear of corn|Maiskolben|crops gemüse
🥔|potato|Kartoffel|food essen
🍞|bread|Brot|carbs brotlaib
🥐|croissant|Croissant|bread corissant
🥨|pretzel|Brezel|convoluted brezen
🧀|cheese wedge|Käsestück|
🥚|egg|Ei|breakfast frühstück
🍳|cooking|Spiegelei in Bratpfanne|breakfast braten
🥞|pancakes|Pfannkuchen|breakfast crepe
🥓|bacon|Bacon|breakfast essen
🍔|hamburger|Hamburger|eat fast food
🍟|french fries|Pommes frites|fast fritten
🍕|pizza|Pizza|cheese pizzastück
🌭|hot dog|Hotdog|frankfurter essen
🥪|sandwich|Sandwich|bread brot
🌮|taco|Taco|mexican essen
🥗|green salad|Salat|food blattgemüse
🍝|spaghetti|Spaghetti|food essse
🍜|steaming bowl|Schüssel und Essstäbchen|chopsticks chinesisches essen
🍣|sushi|Sushi|food japanisches gericht
🍚|cooked rice|Reis in Schüssel|food essen
🍦|soft ice cream|Softeis|dessert
🍩|doughnut|Donut|breakfast doughnut
🍪|cookie|Keks|chip cookie
🎂|birthday cake|Geburtstagskuchen|bday essen
🍰|shortcake|Torte|dessert kuchen
🧁|cupcake|Cupcake|bakery bäckerei
🍫|chocolate bar|Schokoladentafel|candy essen
🍬|candy|Bonbon|cavities süß
🍿|popcorn|Popcorn|movie kino
☕|hot beverage|Heißgetränk|cafe cafe
🍵|teacup without handle|Teetasse ohne Henkel|beverage getränk
🥤|cup with straw|Becher mit Strohhalm|drink brause
🍺|beer mug|Bierkrug|alcohol bar
🍻|clinking beer mugs|Bierkrüge|alcohol anstoßen
🥂|clinking glasses|Sektgläser|celebrate anstoßen
🍷|wine glass|Weinglas|alcohol alkohol
🍸|cocktail glass|Cocktailglas|alcohol bar
`,
  doing: `
⚽|soccer ball|Fußball|football bundesliga
🏀|basketball|Basketball|hoop korb
🏈|american football|Football|bowl american football
🎾|tennis|Tennisball|ball sport
🏐|volleyball|Volleyball|game sport
🎱|pool 8 ball|Billardkugel|billiard schwarz
🏓|ping pong|Tischtennis|ball ball
⛳|flag in hole|Golffahne|golf golfplatz
🎣|fishing pole|Angel mit Fisch|entertainment angeln
🎿|skis|Ski|snow ski und stöcke
🏆|trophy|Pokal|champion bundesliga
🥇|1st place medal|Goldmedaille|first erster
🥈|2nd place medal|Silbermedaille|second medaille 2. platz
🥉|3rd place medal|Bronzemedaille|bronze dritter
🏅|sports medal|Sportmedaille|award gewinn
🎯|bullseye|Darts|dart pfeil
🎮|video game|Gamepad|controller gaming
🎲|game die|Spielwürfel|dice casino
🧩|puzzle piece|Puzzleteil|clue bestandteile
🎭|performing arts|Masken|actor kunst
🎨|artist palette|Mischpalette|artsy farben
🎬|clapper board|Filmklappe|action unterhaltung
🎤|microphone|Mikrofon|karaoke karaoke
🎧|headphone|Kopfhörer|earbud musik
🎵|musical note|Musiknote|sound lied
🎶|musical notes|Musiknoten|sound
🎸|guitar|Gitarre|instrument instrument
🎹|musical keyboard|Klaviatur|instrument instrument
🥁|drum|Trommel|drumsticks drumsticks
🎉|party popper|Konfettibombe|awesome böller
🎊|confetti ball|Konfettiball|celebrate feier
🎈|balloon|Luftballon|birthday feier
🎁|wrapped gift|Geschenk|birthday feier
🎟️|admission tickets|Eintrittskarten| billet
`,
  places: `
🚗|automobile|Auto|car fahren
🚕|taxi|Taxi|cab auto
🚌|bus|Bus|school fahrzeug
🚑|ambulance|Krankenwagen|emergency ambulanz
🚒|fire engine|Feuerwehrauto|truck brand
🚚|delivery truck|Lieferwagen|car lastwagen
🚲|bicycle|Fahrrad|bike bmx
🛴|kick scooter|Tretroller|
🚂|locomotive|Dampflokomotive|caboose bahn
🚆|train|Zug|arrived bahn
🚇|metro|U-Bahn|subway metro
✈️|airplane|Flugzeug|aeroplane flieger
🚀|rocket|Rakete|launch all
🛸|flying saucer|fliegende Untertasse|aliens alien
🚁|helicopter|Hubschrauber|roflcopter fliegen
⛵|sailboat|Segelboot|resort
🚢|ship|Schiff|boat dampfer
⚓|anchor|Anker|ship hafen
🚧|construction|Baustellenabsperrung|barrier baustellenschild
🚦|vertical traffic light|vertikale Verkehrsampel|drove horizontal
🏠|house|Haus|building gebäude
🏢|office building|Bürogebäude|city hochhaus
🏥|hospital|Krankenhaus|building ambulanz
🏫|school|Schule|building gebäude
🏭|factory|Fabrik|building fabrikgebäude
🏰|castle|Schloss|building bauwerk
⛪|church|Kirche|bless christ
🏖️|beach with umbrella|Strand mit Sonnenschirm| meer
🏝️|desert island|einsame Insel| meer
🏔️|snow-capped mountain|schneebedeckter Berg|cold gebirge
⛺|tent|Zelt|camping camping
🌋|volcano|Vulkan|eruption ausbruch
🌅|sunrise|Sonnenaufgang über dem Meer|morning
🌃|night with stars|Sternenhimmel| city
🗺️|world map|Weltkarte| landkarte
🧭|compass|Kompass|direction himmelsrichtung
`,
  objects: `
⌚|watch|Armbanduhr|clock zeit
📱|mobile phone|Mobiltelefon|cell handy
💻|laptop|Laptop|computer bildschirm
⌨️|keyboard|Tastatur|computer computer
🖥️|desktop computer|Desktopcomputer|monitor bildschirm
🖨️|printer|Drucker|computer computer
🖱️|computer mouse|Computermaus|
💾|floppy disk|Diskette|computer datenträger
📷|camera|Fotoapparat|photo fotos
🎥|movie camera|Filmkamera|bollywood kino
📞|telephone receiver|Telefonhörer|communication anrufen
📺|television|Fernseher|tv fernsehen
⏰|alarm clock|Wecker|hours uhr
⏳|hourglass not done|laufende Sanduhr|flowing prozess
🔋|battery|Batterie| akku
🔌|electric plug|Netzstecker|electricity stromstecker
💡|light bulb|Glühbirne|comic hell
🔦|flashlight|Taschenlampe|electric licht
🕯️|candle|Kerze|light licht
💸|money with wings|Geldschein mit Flügeln|bank bank
💶|euro banknote|Euro-Banknote|bill euroschein
💳|credit card|Kreditkarte|bank bankkarte
💎|gem stone|Edelstein|diamond diamant
🔧|wrench|Schraubenschlüssel|home werkzeug
🔨|hammer|Hammer|home werkzeug
🛠️|hammer and wrench|Hammer und Schraubenschlüssel|spanner werkzeug
⚙️|gear|Zahnrad|cog werkzeug
🧲|magnet|Magnet|attraction anziehung
💣|bomb|Bombe|boom comic
🔮|crystal ball|Kristallkugel|fairy wahrsager
💊|pill|Kapsel|doctor arznei
🩹|adhesive bandage|Heftpflaster| verletzt
🧪|test tube|Reagenzglas|chemist chemie
🔬|microscope|Mikroskop|experiment labor
🚪|door|Tür|back eingang
🛏️|bed|Bett|hotel hotel
🧹|broom|Besen|cleaning fegen
🧻|roll of paper|Küchenrolle|toilet hygiene
🛒|shopping cart|Einkaufswagen|trolley einkaufen
🎒|backpack|Schulranzen|backpacking rucksack
👓|glasses|Brille|clothing accessoire
👑|crown|Krone|clothing kopfbedeckung
👟|running shoe|Sportschuh|athletic laufen
☂️|umbrella|Regenschirm|clothing bekleidung
📦|package|Paket|box päckchen
✉️|envelope|Briefumschlag|e-mail e-mail
📧|e-mail|E-Mail|email brief
📮|postbox|Briefkasten|mail post
📝|memo|Papier und Bleistift|communication kurzmitteilung
📁|file folder|Ordner| akten
📅|calendar|Kalender|date datum
📈|chart increasing|Aufwärtstrend|data diagramm
📉|chart decreasing|Abwärtstrend|data diagramm
📊|bar chart|Balkendiagramm|data
📌|pushpin|Reißzwecke|collage anpinnen
📎|paperclip|Büroklammer|
✂️|scissors|Schere|cut schneiden
🔒|locked|geschlossenes Schloss|closed datenschutz
🔓|unlocked|offenes Schloss|cracked nicht gesichert
🔑|key|Schlüssel|keys passwort
🔍|magnifying glass tilted left|Lupe nach links|lab suche
📚|books|Bücherstapel|education fantasie
📖|open book|offenes Buch|education bibliothek
🔗|link|Linksymbol|links kettenglieder
🗑️|wastebasket|Papierkorb|can abfalleimer
📣|megaphone|Megafon|cheering jubel
🔔|bell|Glocke|break ding dong
🔕|bell with slash|durchgestrichene Glocke|forbidden kein ton
`,
  symbols: `
✅|check mark button|weißes Häkchen|checked abgehakt
☑️|check box with check|abgehaktes Kästchen|ballot abstimmungsfeld
✔️|check mark|kräftiges Häkchen|checked abhaken
❌|cross mark|Kreuzzeichen|cancel abbrechen
❎|cross mark button|angekreuztes Kästchen|multiplication angekreuztes feld
➕|plus|plus| addieren
➖|minus|minus|heavy mathe
➗|divide|geteilt durch|division division
✖️|multiply|mal|cancel abbrechen
❓|red question mark|rotes Fragezeichen|punctuation satzzeichen
❗|red exclamation mark|rotes Ausrufezeichen|punctuation satzzeichen
‼️|double exclamation mark|doppeltes Ausrufezeichen|bangbang muss
⁉️|exclamation question mark|Ausrufe- und Fragezeichen|interrobang ausrufezeichen
⚠️|warning|Warnung|caution achtung
🚫|prohibited|Verboten|entry kein zutritt
⛔|no entry|Zutritt verboten|do einbahnstrasse
💱|currency exchange|Geldwechsel|bank währung
♻️|recycling symbol|Recycling-Symbol|recycle grüne punkt
🔄|counterclockwise arrows button|Pfeile gegen den Uhrzeigersinn|again kreisförmige pfeile gegen den uhrzeigersinn
🔙|BACK arrow|BACK-Pfeil| links
🔜|SOON arrow|SOON-Pfeil|brb bald-zeichen
🔝|TOP arrow|TOP-Pfeil|homie pfeil nach oben
🆕|NEW button|Wort „New“ in blauem Quadrat| neu
🆗|OK button|Großbuchstaben OK in blauem Quadrat|okay keycap
🆒|COOL button|Wort „Cool“ in blauem Quadrat|
🆘|SOS button|SOS-Zeichen|help hilfe
🆓|FREE button|Wort „Free“ in blauem Quadrat|
🔴|red circle|roter Punkt|geometric ball
🟠|orange circle|oranger Punkt| form
🟡|yellow circle|gelber Punkt| form
🟢|green circle|grüner Punkt| form
🔵|blue circle|blauer Punkt|geometric ball
🟣|purple circle|lila Punkt| form
⚫|black circle|schwarzer Punkt|geometric ball
⚪|white circle|weißer Punkt|geometric ball
🟤|brown circle|brauner Punkt| braune scheibe
🔺|red triangle pointed up|rotes Dreieck mit der Spitze nach oben|geometric aufwärts
🔻|red triangle pointed down|rotes Dreieck mit der Spitze nach unten|geometric abwärts
▶️|play button|Wiedergabe|arrow abspielen
⏸️|pause button|Pause|bar keycap
⏹️|stop button|Stopp|square aufnahme stoppen
⏩|fast-forward button|Doppelpfeile nach rechts|arrow vorwärts
⏪|fast reverse button|Zurückspulen|arrow doppelpfeil
➡️|right arrow|Pfeil nach rechts|cardinal osten
⬅️|left arrow|Pfeil nach links|cardinal linkspfeil
⬆️|up arrow|Pfeil nach oben|cardinal aufwärts
⬇️|down arrow|Pfeil nach unten|cardinal abwärts
↩️|right arrow curving left|geschwungener Pfeil nach links|
♾️|infinity|Unendlichkeit|forever ewig
™️|trade mark|Markenzeichen|tm tm
©️|copyright|Copyright|
0️⃣|keycap: 0|Taste: 0|zero null
1️⃣|keycap: 1|Taste: 1|one eins
2️⃣|keycap: 2|Taste: 2|two zwei
3️⃣|keycap: 3|Taste: 3|three drei
🏁|chequered flag|Zielflagge|checkered formel 1
🚩|triangular flag|Wimpel|construction dreiecksflagge
🏳️‍🌈|rainbow flag|Regenbogenflagge|bisexual bisexuell
🇪🇺|flag: European Union|Flagge: Europäische Union|
🇩🇪|flag: Germany|Flagge: Deutschland|DE
🇦🇹|flag: Austria|Flagge: Österreich|AT AT
🇨🇭|flag: Switzerland|Flagge: Schweiz|CH
🇬🇧|flag: United Kingdom|Flagge: Vereinigtes Königreich|GB GB
🇺🇸|flag: United States|Flagge: Vereinigte Staaten|US US
🇫🇷|flag: France|Flagge: Frankreich|
🇮🇹|flag: Italy|Flagge: Italien|
🇪🇸|flag: Spain|Flagge: Spanien|ES ES
🇵🇱|flag: Poland|Flagge: Polen|PL PL
🇺🇦|flag: Ukraine|Flagge: Ukraine|UA UA
`
} as const

export type EmojiGroup = keyof typeof emojiGroups
