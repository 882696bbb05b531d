from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fulfillment', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='email',
            name='template',
            field=models.CharField(choices=[('received', 'Received, not yet charged'), ('confirmed', 'Confirmed and charged'), ('processing', 'Payment is under way'), ('payment_failed', 'Payment failed'), ('cancelled', 'Cancelled'), ('out_of_stock', 'Cancelled: out of stock'), ('shipped', 'Shipped'), ('refunded', 'Refunded')], max_length=20),
        ),
    ]
