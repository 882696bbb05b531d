"""The texts of the payment page in German, by their English wording."""

GERMAN = {
    # What the page is for
    "TEST MODE: no real money": "TESTMODUS: kein echtes Geld",
    "Back": "Zurück",
    "Back to the shop": "Zurück zum Shop",
    "Nothing is charged now. Your card is kept for later payments.": (
        "Jetzt wird nichts abgebucht. Deine Karte wird für spätere Zahlungen gespeichert."
    ),
    # The order
    "Subtotal": "Zwischensumme",
    "Shipping": "Versand",
    "Tax": "Steuer",
    "(included)": "(enthalten)",
    "{0} to {1}": "{0} bis {1}",
    "from {0}": "ab {0}",
    "Enter address to calculate": "Wird mit der Adresse berechnet",
    "Total due": "Gesamtbetrag",
    "Promotion code": "Gutscheincode",
    "Apply": "Einlösen",
    "Update": "Aktualisieren",
    "Update amount": "Betrag übernehmen",
    "Choose what you pay": "Wähle deinen Betrag",
    "Remove": "Entfernen",
    "Add": "Hinzufügen",
    "Add to your order": "Dazu passt",
    "Qty": "Menge",
    "each": "pro Stück",
    "Free": "Kostenlos",
    "Free trial": "Kostenloser Test",
    "then": "danach",
    "per day": "pro Tag",
    "per week": "pro Woche",
    "per month": "pro Monat",
    "per year": "pro Jahr",
    # The form
    "(optional)": "(optional)",
    "Or pay another way": "Oder anders bezahlen",
    "Payment": "Zahlung",
    "Express checkout": "Schnell bezahlen",
    "Contact information": "Kontakt",
    "Email": "E-Mail",
    "Phone number": "Telefonnummer",
    "Shipping address": "Lieferadresse",
    "An example to rehearse with; change it as you like.": (
        "Ein Beispiel zum Üben; ändere es nach Belieben."
    ),
    "Name": "Name",
    "Country or region": "Land oder Region",
    "Street and number": "Straße und Hausnummer",
    "Address line 2": "Adresszusatz",
    "Postal code": "Postleitzahl",
    "City": "Ort",
    "State or province": "Bundesland oder Kanton",
    "Shipping method": "Versandart",
    "Business purchase": "Kauf für ein Unternehmen",
    "Kind of tax ID": "Art der Steuernummer",
    "Tax ID": "Steuernummer",
    "Full name": "Vollständiger Name",
    "Business name": "Firmenname",
    "Choose": "Bitte wählen",
    "Payment method": "Zahlungsmethode",
    "Card": "Karte",
    "New card": "Neue Karte",
    "Card number": "Kartennummer",
    "Expires": "Gültig bis",
    "Expiration date": "Gültig bis",
    "Security code": "Prüfnummer",
    "Name on card": "Name auf der Karte",
    "Full name on card": "Vollständiger Name",
    "MM / YY": "MM / JJ",
    "IBAN": "IBAN",
    "Name of the account's holder": "Name der Kontoinhaberin oder des Kontoinhabers",
    "Routing number": "Bankleitzahl",
    "BSB": "BSB",
    "Account number": "Kontonummer",
    # A name of its own, not a sentence that begins with "Pay".
    "Pay by Bank": "Pay by Bank",
    "BLIK code": "BLIK-Code",
    "CPF or CNPJ": "CPF oder CNPJ",
    "One-time code": "Einmalcode",
    "BECS Direct Debit": "BECS-Lastschrift",
    "SEPA Direct Debit": "SEPA-Lastschrift",
    "US bank account": "US-Bankkonto",
    "Confirm the payment in your bank's app afterwards.": (
        "Bestätige die Zahlung danach in der App deiner Bank."
    ),
    "We have sent a code to your phone. In this rehearsal any six digits are right; 000001 is not,"
    " 000002 has expired, 000003 was tried too often.": (
        "Wir haben einen Code an dein Telefon geschickt. In dieser Probe stimmen alle sechs"
        " Ziffern; 000001 ist falsch, 000002 abgelaufen, 000003 zu oft versucht."
    ),
    "You get a voucher to pay within some days.": (
        "Du bekommst einen Zahlschein, der in einigen Tagen zu bezahlen ist."
    ),
    "Send me news and offers by email.": "Schickt mir Neuigkeiten und Angebote per E-Mail.",
    "Pay": "Bezahlen",
    "Book": "Buchen",
    "Donate": "Spenden",
    "Subscribe": "Abonnieren",
    "Save card": "Karte speichern",
    "Complete order": "Bestellung abschließen",
    "Test cards and accounts": "Testkarten und Testkonten",
    "Any future date, any security code, any name. Nothing is charged.": (
        "Jedes künftige Datum, jede Prüfnummer, jeder Name. Es wird nichts abgebucht."
    ),
    "A stand-in for Stripe's payment page, for tests and demos.": (
        "Ein Ersatz für die Zahlungsseite von Stripe, für Tests und Vorführungen."
    ),
    # What is wrong
    "Please look at the marked fields.": "Bitte sieh dir die markierten Felder an.",
    "The total has changed with your choice. Please look and confirm.": (
        "Der Gesamtbetrag hat sich mit deiner Wahl geändert. Bitte prüfe und bestätige ihn."
    ),
    "Enter your email address.": "Gib deine E-Mail-Adresse ein.",
    "This email address is incomplete.": "Diese E-Mail-Adresse ist unvollständig.",
    "Enter your phone number.": "Gib deine Telefonnummer ein.",
    "Enter your tax ID.": "Gib deine Steuernummer ein.",
    "This tax ID is incomplete.": "Diese Steuernummer ist unvollständig.",
    "Enter a name.": "Gib einen Namen ein.",
    "Agree to the terms to go on.": "Stimme den Bedingungen zu, um fortzufahren.",
    "Enter your card number.": "Gib deine Kartennummer ein.",
    "Your card number is invalid.": "Deine Kartennummer ist ungültig.",
    "Your card number is incorrect.": "Deine Kartennummer ist falsch.",
    "Enter your card's security code.": "Gib die Prüfnummer deiner Karte ein.",
    "Enter your postal code.": "Gib deine Postleitzahl ein.",
    "Your card's expiration date is invalid, write it as MM / YY.": (
        "Das Ablaufdatum ist ungültig, schreib es als MM / JJ."
    ),
    "Enter your card's expiration date.": "Gib das Ablaufdatum deiner Karte ein.",
    "Your card's expiration date is in the past.": "Deine Karte ist abgelaufen.",
    "Enter the name of the one who pays.": "Gib den Namen der zahlenden Person ein.",
    "Choose a country.": "Wähle ein Land.",
    "Enter a street and number.": "Gib Straße und Hausnummer ein.",
    "Enter a city.": "Gib einen Ort ein.",
    "Enter a postal code.": "Gib eine Postleitzahl ein.",
    "Fill in this field.": "Fülle dieses Feld aus.",
    "Choose one of these.": "Wähle eine der Möglichkeiten.",
    "Use digits only.": "Verwende nur Ziffern.",
    "Enter your IBAN.": "Gib deine IBAN ein.",
    "Enter your account number.": "Gib deine Kontonummer ein.",
    "Enter the name of the account's holder.": "Gib den Namen der Kontoinhaberin ein.",
    "Enter the code of six digits.": "Gib den sechsstelligen Code ein.",
    "This code is not valid.": "Dieser Code ist ungültig.",
    "This code is invalid.": "Dieser Code ist ungültig.",
    "This code has expired.": "Dieser Code ist abgelaufen.",
    "This code is for a first purchase only.": "Dieser Code gilt nur für den ersten Einkauf.",
    "Your order does not reach the minimum amount of this code.": (
        "Deine Bestellung erreicht den Mindestbetrag dieses Codes nicht."
    ),
    "You have tried too many codes. Please pay another way.": (
        "Du hast zu viele Codes probiert. Bitte bezahle anders."
    ),
    "A CPF has 11 digits, a CNPJ 14.": "Eine CPF hat 11 Ziffern, eine CNPJ 14.",
    "Enter your full name.": "Gib deinen vollständigen Namen ein.",
    "The quantity of this item is fixed.": "Die Menge dieses Artikels steht fest.",
    "Keep at least one item.": "Behalte mindestens einen Artikel.",
    "Cards of this kind are not accepted here. Please use another card.": (
        "Solche Karten werden hier nicht angenommen. Bitte verwende eine andere."
    ),
    "This card is not saved any more.": "Diese Karte ist nicht mehr gespeichert.",
    # What the bank says
    "Your card was declined.": "Deine Karte wurde abgelehnt.",
    "Please try another card.": "Bitte versuche eine andere.",
    "Your card has insufficient funds.": "Deine Karte ist nicht gedeckt.",
    "Your card has expired.": "Deine Karte ist abgelaufen.",
    "Your card was declined for making repeated attempts too frequently or exceeding its amount"
    " limit.": "Deine Karte wurde wegen zu vieler Versuche oder ihres Höchstbetrags abgelehnt.",
    "Your card was declined. Your request was in test mode, but used a non test card. For a list"
    " of valid test cards, visit: https://stripe.com/docs/testing.": (
        "Deine Karte wurde abgelehnt: Im Testmodus gelten nur Testkarten."
    ),
    "Your card was declined. This transaction requires authentication.": (
        "Deine Karte wurde abgelehnt. Diese Zahlung muss bestätigt werden."
    ),
    "Your IBAN is invalid.": "Deine IBAN ist ungültig.",
    "Your account number is incomplete.": "Deine Kontonummer ist unvollständig.",
    "Your account has insufficient funds.": "Dein Konto ist nicht gedeckt.",
    "Your bank has declined the payment.": "Deine Bank hat die Zahlung abgelehnt.",
    "The BLIK code is not valid. Get a new one.": (
        "Der BLIK-Code ist ungültig. Hol dir einen neuen."
    ),
    "The BLIK code has expired. Get a new one.": (
        "Der BLIK-Code ist abgelaufen. Hol dir einen neuen."
    ),
    "You have declined the payment in your bank's app.": (
        "Du hast die Zahlung in der App deiner Bank abgelehnt."
    ),
    "The payment is above your bank's limit.": "Die Zahlung übersteigt das Limit deiner Bank.",
    "The payment was not confirmed in time.": "Die Zahlung wurde nicht rechtzeitig bestätigt.",
    "This item is not on offer.": "Dieser Artikel wird nicht angeboten.",
    "This item is not part of the order any more.": (
        "Dieser Artikel gehört nicht mehr zur Bestellung."
    ),
    "This value must be less than or equal to 999999.": "Höchstens 999999 sind möglich.",
    "Your card's security code is incorrect.": "Die Prüfnummer ist falsch.",
    "An error occurred while processing your card. Try again in a little bit.": (
        "Bei der Verarbeitung deiner Karte ist ein Fehler aufgetreten. Versuche es gleich noch"
        " einmal."
    ),
    "We are unable to authenticate your payment method. Please choose a different payment"
    " method and try again.": (
        "Deine Zahlungsmethode konnte nicht bestätigt werden. Bitte wähle eine andere und versuche"
        " es noch einmal."
    ),
    # The pages around it
    "Confirm your payment": "Bestätige deine Zahlung",
    "Your bank asks whether it is really you who pays {0} to {1}.": (
        "Deine Bank fragt, ob wirklich du {0} an {1} bezahlst."
    ),
    "Your bank asks whether it is really you who saves this card with {1}.": (
        "Deine Bank fragt, ob wirklich du diese Karte bei {1} speicherst."
    ),
    "Pay {0} to {1} with {2}?": "{0} an {1} mit {2} bezahlen?",
    "Save {2} with {1} for later?": "{2} bei {1} für später speichern?",
    "Pay {0} to {1} by {2}.": "Bezahle {0} an {1} bis {2}.",
    "We wait for you to confirm {0} to {1}.": "Wir warten, bis du {0} an {1} bestätigst.",
    "This is a 3D Secure test page: choose how it goes on.": (
        "Das ist eine Testseite für 3D Secure: Wähle, wie es weitergeht."
    ),
    "Complete": "Bestätigen",
    "Fail": "Ablehnen",
    "Choose how it goes on.": "Wähle, wie es weitergeht.",
    "Complete test payment": "Testzahlung bestätigen",
    "Complete, and let the bank refuse it later": ("Bestätigen, und die Bank lehnt später ab"),
    "Fail test payment": "Testzahlung abbrechen",
    "You have already paid": "Du hast schon bezahlt",
    "This payment is done; there is nothing left to do here.": (
        "Diese Zahlung ist erledigt; hier ist nichts mehr zu tun."
    ),
    "This payment page has expired": "Diese Zahlungsseite ist abgelaufen",
    "It was open for a limited time and nothing was charged. Go back to the shop and start"
    " again.": (
        "Sie war für begrenzte Zeit offen, und es wurde nichts abgebucht. Geh zurück zum Shop und"
        " beginne von vorn."
    ),
    "There is no such payment page": "Diese Zahlungsseite gibt es nicht",
    "Please look at the address, or go back to the shop and start again.": (
        "Bitte prüfe die Adresse, oder geh zurück zum Shop und beginne von vorn."
    ),
    "Open the order again": "Bestellung wieder öffnen",
    "Confirm in your bank's app": "Bestätige in der App deiner Bank",
    "This page goes on by itself.": "Diese Seite geht von selbst weiter.",
    "In this rehearsal the bank answers after some seconds, as the e-mail address says, or sooner"
    " when the clock is moved.": (
        "In dieser Probe antwortet die Bank nach einigen Sekunden, wie es die E-Mail-Adresse sagt,"
        " oder früher, wenn die Uhr vorgestellt wird."
    ),
    "Look again now": "Jetzt nachsehen",
    "Your order is complete when the payment has arrived. You can close this voucher; this address"
    " keeps it.": (
        "Deine Bestellung ist abgeschlossen, sobald die Zahlung da ist. Du kannst diesen Zahlschein"
        " schließen; unter dieser Adresse bleibt er erhalten."
    ),
    "It has been paid. Thank you.": "Er ist bezahlt. Danke.",
    "It was not paid in time and can no longer be used.": (
        "Er wurde nicht rechtzeitig bezahlt und gilt nicht mehr."
    ),
}
# Sentences with something in them, in the order of its places.
GERMAN_PATTERNS = [
    (r"Pay with (.+)", "Mit {0}"),
    (r"Pay (.+)", "Zahlung an {0}"),
    (r"Save your card with (.+)", "Karte speichern bei {0}"),
    (r"Subscribe to (.+)", "Abo bei {0}"),
    (r"to (.+)", "zu {0}"),
    (r"of (\d+) days", "von {0} Tagen"),
    (r"every (\d+) days", "alle {0} Tage"),
    (r"every (\d+) weeks", "alle {0} Wochen"),
    (r"every (\d+) months", "alle {0} Monate"),
    (r"every (\d+) years", "alle {0} Jahre"),
    (r"Save this card with (.+) for my next purchase",
     "Diese Karte bei {0} für den nächsten Einkauf speichern"),
    (r"I agree to the terms of service of (.+)\.",
     "Ich stimme den Geschäftsbedingungen von {0} zu."),
    (r"You go on to (.+) to confirm the payment, and come back here\.",
     "Du bestätigst die Zahlung bei {0} und kommst hierher zurück."),
    ((r"By confirming your payment, you allow (.+) to debit this account once for this amount\. The"
      r" money arrives some days later\."),
     ("Mit der Zahlung erlaubst du {0}, diesen Betrag einmal von diesem Konto einzuziehen. Das Geld"
      " kommt einige Tage später an.")),
    (r"By saving this account, you allow (.+) to debit it for later payments\.",
     "Mit dem Speichern erlaubst du {0}, spätere Zahlungen von diesem Konto einzuziehen."),
    ((r"You allow (.+) to charge your payment method for future payments in accordance with their"
      r" terms\."),
     ("Du erlaubst {0}, künftige Zahlungen nach seinen Bedingungen mit dieser Zahlungsmethode"
      " einzuziehen.")),
    (r"Your card's security code has (\d) digits\.", "Die Prüfnummer hat {0} Ziffern."),
    (r"Use at least (\d+) characters\.", "Verwende mindestens {0} Zeichen."),
    (r"Use at most (\d+) characters\.", "Verwende höchstens {0} Zeichen."),
    (r"Choose a quantity from (\d+) to (\d+)\.", "Wähle eine Menge von {0} bis {1}."),
    (r"Enter an amount like (.+)\.", "Gib einen Betrag wie {0} ein."),
    (r"Enter at least (.+)\.", "Gib mindestens {0} ein."),
    (r"Enter at most (.+)\.", "Gib höchstens {0} ein."),
    (r"Charged in (\S+) at (.+)\.", "Abgebucht in {0} zu {1}."),
    (r"Quantity of (.+)", "Menge von {0}"),
    (r"One less of (.+)", "Eins weniger von {0}"),
    (r"One more of (.+)", "Eins mehr von {0}"),
    (r"Update the quantity of (.+)", "Menge von {0} übernehmen"),
    (r"Remove promotion code (.+)", "Gutscheincode {0} entfernen"),
    (r"Remove (.+)", "{0} entfernen"),
    (r"Add (.+)", "{0} hinzufügen"),
    (r"card ending in (\d+)", "Karte mit Endziffern {0}"),
    (r"(.+) test payment page", "Testseite von {0}"),
    (r"Confirm your payment with (.+)", "Bestätige deine Zahlung mit {0}"),
    (r"Your (.+) voucher", "Dein Zahlschein für {0}"),
    (r"Close and go back to (.+)", "Schließen und zurück zu {0}"),
]  # fmt: skip
