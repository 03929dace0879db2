"""What do people ask shops that help seldom says? Subjects by name; a question more like one of them gets an honest "no".

A subject that the shop's own articles treat is left out when the index is built (``index.build_index``): where an article's
title, headings or words are called so.
"""

from collections.abc import Mapping

Subjects = Mapping[str, tuple[str, ...]]
"""For each subject what is asked of it; its key is what articles would call it, several names with commas between."""

_ENGLISH = """
jobs, career, vacancy: do you have jobs | are you hiring | job vacancy application | internship or apprenticeship | work for
  you | send my CV, career
press, interview: press enquiry | journalist interview | use your logo or photos
student discount, senior discount: discount for students | discount for members, seniors, nurses or military | discount for
  clubs, schools and groups
price match, best price: do you match prices | cheaper elsewhere | found it cheaper at another shop | negotiate the price
sale, black friday: when is the next sale | black friday | will it get cheaper | price drop soon, reduced | clearance outlet
gift card: do you sell gift cards | buy a gift voucher as a present | balance of my gift card
gift wrapping: can you gift wrap it | greeting card with the present | wrapping paper and ribbon
loyalty points, bonus programme: loyalty points | bonus programme, rewards club | collect points | membership card | refer a
  friend
hire, rental: hire equipment | rent or borrow gear | rental price per week
second hand, trade in: do you sell used gear | second hand | trade in my old one | buy back old equipment
wholesale, reseller: wholesale prices | become a dealer or reseller | bulk order for my company | corporate account
affiliate, influencer: affiliate programme | influencer cooperation | advertise with you, partnership
sponsorship, donation: sponsor our team or event | donate to charity | support our expedition
store, branch, showroom: is there a shop near me | visit your store to try things on | branch or showroom in town | parking at
  the store | collect in store, click and collect
catalogue, brochure: send me a catalogue | printed brochure
app: do you have an app | download for iPhone or Android
two-factor login, security: two factor authentication | login with Google, Facebook or fingerprint | was my account hacked |
  passkey
merge accounts, share: merge two accounts | share an account with my family | use one account for the whole team
sustainability, environment: carbon footprint, climate neutral | how sustainable are you, environment | recycled material or
  packaging without plastic | do you recycle old clothes | ethical animal welfare
vegan, allergy, ingredients: is it vegan | contains wool, leather, latex or nickel | I have an allergy to | toxic chemicals,
  PFC free
origin, manufacture: where is it made | country of production | working conditions in the factory | which brand makes this
weight, dimensions: how heavy is it, weight in grams | how big, dimensions packed | what volume or capacity | length and
  height in centimetres
material, specification: what material is it made of | water column, breathability | battery life, lumens, watts | technical
  data of the product | what colour does it really have
compatible: is it compatible with | does it fit my other brand model | can it be combined with | which accessories go with it
  | suitable for car, bike or dog
instructions, assembly: user manual | how do I assemble or put it up | instructions for use, video | how does it work, how do
  I use it
comparison, test: which is better | difference between these two models | test winner | your recommendation for a beginner
trip, route, weather: recommend a hike or route | what is the weather like | is wild camping allowed | campsite, hut or
  mountain | what should I take on a trip, packing list
course, event: do you offer courses | guided tours, event, workshop to take part in | tickets for the festival
safety, certificate: is it certified, safety standard | tested for climbing | from what age, for children | is it legal |
  maximum load
engraving, printing: print our logo | engrave a name | custom made, personalised | embroidery on team shirts
competition, raffle: prize draw | did I win, competition
samples: free sample | test a product before buying | fabric swatch
insurance, theft: insurance for my equipment | it was stolen | theft protection | I lost it on a trip
subscription: subscription every month | regular delivery | cancel my subscription membership
installation, disposal: take away the old one | dispose of batteries | set up at home
company, founder: who owns the company | how old is your company, founder | are you on the stock exchange | your bank details
fraud, fake: is this a fake shop | are you serious and trustworthy | phishing mail in your name | is this product genuine
write a review: write a review | why was my review not published | rate a product with stars | upload a photo of my purchase
wish list: wish list for my wedding | share my list | compare products side by side
food, shelf life: how long does the food keep | expiry date | calories, is it gluten free
small talk: tell me a joke | are you a robot | what time is it | how are you | I love you | good morning | asdf test
maintenance: how do I clean the bottle or the stove | polish, grease, sharpen | remove mould or smell | remove a stain of
  resin or oil
website, technical: website is slow | page does not load, error 404 | change the language of the site | search does not work |
  dark mode
delivery day, appointment: deliver on a certain date or time | evening delivery window | delay shipping while on holiday |
  drone delivery
savings, credit: credit or financing | deposit, pay half now | pay with cryptocurrency bitcoin | do you accept gold, cheque or
  cash
limits, availability in future: will you stock another brand | new collection next year | can you order it in specially | do
  you sell skis, bikes, shoes for dogs
"""

_GERMAN = """
Jobs, Karriere, Stellenangebot: habt ihr Jobs | offene Stellen, Bewerbung | Praktikum oder Ausbildung | bei euch arbeiten |
  Minijob, Ferienjob
Presse, Interview: Presseanfrage | Journalist, Interview | euer Logo oder Fotos verwenden
Studentenrabatt, Seniorenrabatt: Rabatt für Studenten | Ermäßigung für Mitglieder, Senioren oder Schüler | Nachlass für
  Vereine, Schulen und Gruppen
Preisgarantie, Bestpreis: zieht ihr beim Preis mit | woanders günstiger | billiger gesehen in anderem Shop | über den Preis
  verhandeln
Ausverkauf, Black Friday: wann ist der nächste Sale | Black Friday Angebote | wird es noch billiger | reduziert, Schnäppchen,
  Restposten
Geschenkgutschein, Geschenkkarte: verkauft ihr Geschenkgutscheine | Gutschein zum Verschenken kaufen | Restguthaben meiner
  Geschenkkarte
Geschenkverpackung: als Geschenk einpacken | Grußkarte zum Geschenk | Geschenkpapier und Schleife
Treuepunkte, Bonusprogramm: Treuepunkte sammeln | Bonusprogramm, Prämien | Payback | Kundenkarte, Mitgliedschaft | Freunde
  werben
Verleih, Miete: Ausrüstung ausleihen | mieten oder leihen | Leihgebühr pro Woche
Gebraucht, Inzahlungnahme: verkauft ihr gebrauchte Sachen | Second Hand | alte Ausrüstung in Zahlung geben | Ankauf
Großhandel, Händler: Händlerpreise, Großhandel | Wiederverkäufer werden | Großbestellung für meine Firma | Firmenkunde,
  Mengenrabatt
Affiliate, Influencer: Partnerprogramm | Influencer Kooperation | Werbung bei euch schalten, Zusammenarbeit
Sponsoring, Spende: unseren Verein sponsern | für guten Zweck spenden | Expedition unterstützen
Filiale, Ladengeschäft: gibt es einen Laden in meiner Nähe | im Geschäft anprobieren | Filiale in der Stadt | Parkplatz am
  Geschäft | selbst abholen im Laden
Katalog, Prospekt: schickt mir einen Katalog | gedruckter Prospekt
App: habt ihr eine App | Download für iPhone oder Android
Zwei-Faktor-Anmeldung, Sicherheit: Zwei Faktor Authentifizierung | Login mit Google, Facebook oder Fingerabdruck | wurde mein
  Konto gehackt
Konten zusammenlegen, teilen: zwei Konten zusammenführen | Konto mit der Familie teilen | ein Konto für den ganzen Verein
Nachhaltigkeit, Umwelt: CO2 Bilanz, klimaneutral | wie nachhaltig seid ihr, Umweltschutz | recyceltes Material oder Verpackung
  ohne Plastik | alte Kleidung recyceln | Tierschutz, ethische Herkunft
Vegan, Allergie, Inhaltsstoffe: ist das vegan | enthält Wolle, Leder, Latex oder Nickel | Allergie gegen | Schadstoffe, PFC
  frei
Herkunft, Herstellung: wo wird das hergestellt | Produktionsland | Arbeitsbedingungen in der Fabrik | welche Marke steckt
  dahinter
Gewicht, Abmessungen: wie schwer ist das, Gewicht in Gramm | wie groß, Packmaß | welches Volumen, Fassungsvermögen | Länge und
  Höhe in Zentimeter
Material, technische Daten: aus welchem Material | Wassersäule, Atmungsaktivität | Akkulaufzeit, Lumen, Watt | technische
  Daten vom Produkt | welche Farbe hat es wirklich
kompatibel: ist das kompatibel mit | passt das zu meinem anderen Modell | kann man das kombinieren | welches Zubehör gehört
  dazu | geeignet für Auto, Fahrrad oder Hund
Anleitung, Aufbau: Bedienungsanleitung | wie baue ich das auf | Aufbauanleitung, Video | wie funktioniert das, wie benutze ich
  es
Vergleich, Test: was ist besser | Unterschied zwischen den beiden Modellen | Testsieger | eure Empfehlung für Anfänger
Tour, Route, Wetter: Wanderung oder Route empfehlen | wie wird das Wetter | ist wild campen erlaubt | Campingplatz, Hütte oder
  Berg | was muss ich auf die Reise mitnehmen, Packliste
Kurs, Veranstaltung: bietet ihr Kurse an | geführte Tour, Veranstaltung, Seminar | Karten für das Festival
Sicherheit, Zertifikat: ist das zertifiziert, Norm | zum Klettern geprüft | ab welchem Alter, für Kinder | ist das legal |
  maximale Belastung
Gravur, Druck: unser Logo aufdrucken | Namen eingravieren | Maßanfertigung, personalisiert | Vereinsshirts besticken
Gewinnspiel: Verlosung | habe ich gewonnen, Gewinnspiel
Proben: kostenlose Probe | vor dem Kauf testen | Stoffmuster
Versicherung, Diebstahl: Versicherung für meine Ausrüstung | es wurde gestohlen | Diebstahlschutz | unterwegs verloren
Abonnement: Abo jeden Monat | regelmäßige Lieferung | Abo kündigen
Entsorgung, Montage: Altgerät mitnehmen | Batterien entsorgen | bei mir zu Hause aufbauen
Firma, Gründer: wem gehört die Firma | wie alt ist euer Unternehmen, Gründer | seid ihr an der Börse | eure Bankverbindung
Betrug, Fälschung: ist das ein Fakeshop | seid ihr seriös | Phishing Mail in eurem Namen | ist das Produkt echt
Bewertung schreiben: Bewertung schreiben | warum wurde meine Bewertung nicht veröffentlicht | Produkt mit Sternen bewerten |
  Foto vom Kauf hochladen
Wunschliste: Wunschliste für die Hochzeit | meine Liste teilen | Produkte nebeneinander vergleichen
Essen, Haltbarkeit: wie lange ist das Essen haltbar | Mindesthaltbarkeit | Kalorien, glutenfrei
Geplauder: erzähl einen Witz | bist du ein Roboter | wie spät ist es | wie geht es dir | ich liebe dich | guten Morgen | asdf
  test
Wartung: wie reinige ich Flasche oder Kocher | polieren, fetten, schärfen | Schimmel oder Geruch entfernen | Fleck von Harz
  oder Öl entfernen
Webseite, Technik: Webseite ist langsam | Seite lädt nicht, Fehler 404 | Sprache der Seite umstellen | Suche geht nicht |
  Dunkelmodus
Wunschtermin: Lieferung an einem bestimmten Tag oder Uhrzeit | abends liefern, Zeitfenster | Versand im Urlaub verschieben |
  Drohne
Finanzierung, Bitcoin: Kredit oder Finanzierung | Anzahlung, die Hälfte jetzt | mit Bitcoin Kryptowährung zahlen | Scheck oder
  bar
Sortiment: führt ihr auch andere Marken | neue Kollektion nächstes Jahr | könnt ihr das extra besorgen | verkauft ihr Ski,
  Fahrräder, Hundeschuhe
"""


def read_subjects(text: str) -> dict[str, tuple[str, ...]]:
    """Return the subjects of ``text``: names, a colon, and what is asked with | between; a line that is indented goes on."""
    lines = text.strip().replace("\n  ", " ").splitlines()
    pairs = (line.split(": ", 1) for line in lines)
    return {names: tuple(one.strip() for one in asked.split("|")) for names, asked in pairs}


USUAL: Mapping[str, Subjects] = {"en": read_subjects(_ENGLISH), "de": read_subjects(_GERMAN)}
"""What is shipped; written by going through what shops are asked, not from the questions that measure the ranking."""
